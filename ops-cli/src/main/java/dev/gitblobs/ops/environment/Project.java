package dev.gitblobs.ops.environment;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The checkout that relayctl works on, or the release that was unpacked: that has all jars in one
 * folder, and nothing to build them or the Worker from.
 *
 * @param root its root folder, absolute
 */
public record Project(Path root) {
  /** The Pulumi project's name, which also prefixes its config keys. */
  public static final String NAME = "gitblobs-relay";

  /**
   * Finds the project: the launcher names it by {@code -Drelay.root}, else it is the nearest folder
   * upwards that has a Pulumi.yaml.
   *
   * @throws OpsException when there is none
   */
  public static Project find() {
    String named = System.getProperty("relay.root");
    if (named != null) {
      return new Project(Path.of(named).toAbsolutePath().normalize());
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("Pulumi.yaml"))) {
        return new Project(at);
      }
    }
    throw new OpsException(
        "This folder is not inside a checkout of GitBlobs Relay.",
        "Change to the checkout, or start ./relayctl that lies in it.");
  }

  /** Whether this is an unpacked release; {@code tools/launch.sh} asks the same. */
  public boolean isRelease() {
    return Files.isDirectory(root.resolve("jars"));
  }

  private Path jar(String module, String name) {
    return root.resolve(isRelease() ? "jars" : module + "/target").resolve(name);
  }

  /** The Pulumi program, built. */
  public Path infraJar() {
    return jar("infra", "infra.jar");
  }

  /** The stack settings that are kept in the repository. */
  public Path stackFile(String environment) {
    return root.resolve("infra/stacks/Pulumi." + environment + ".yaml");
  }

  /** The local Cloudflare, built. */
  public Path cloudflareLocalJar() {
    return jar("cloudflare-local", "cloudflare-local.jar");
  }

  /** The Node program that runs uploads for the local Cloudflare. */
  public Path cloudflareLocalRuntime() {
    return root.resolve("cloudflare-local/runtime/main.mjs");
  }

  /** The pinned Node of the npm workspaces. */
  public Path node() {
    return root.resolve("node_modules/.bin/node");
  }

  /** The Worker's bundle, built. */
  public Path workerBundle() {
    return root.resolve("worker/dist/worker.mjs");
  }

  /** The migrations, one file each. */
  public Path migrations() {
    return root.resolve("migrations");
  }

  /** The environment of that name. */
  public Environment environment(String name) {
    return new Environment(this, name);
  }
}
