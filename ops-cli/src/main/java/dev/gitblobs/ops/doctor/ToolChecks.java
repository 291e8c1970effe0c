package dev.gitblobs.ops.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gitblobs.ops.environment.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What has to be on this machine. */
final class ToolChecks {
  private static final int MIN_JAVA = 17;

  /**
   * https://developers.cloudflare.com/workers/platform/limits/: 10 MB compressed, paid; the bundle
   * is measured uncompressed, so this is far on the safe side.
   */
  private static final long MAX_BUNDLE_BYTES = 10_000_000;

  private final Project project;

  ToolChecks(Project project) {
    this.project = project;
  }

  List<Check> run() {
    return List.of(
        java(),
        program("git", "--version", "Install git: migrations record the commit they come from."),
        program("pulumi", "version", "relayctl up gets it by itself; see tools/pulumi."),
        node(),
        bundle());
  }

  private static Check java() {
    int version = Runtime.version().feature();
    String detail = "Java " + Runtime.version() + " in " + System.getProperty("java.home");
    return version >= MIN_JAVA
        ? Check.ok("java", detail)
        : Check.failed("java", detail, "Install a JDK, 17 or newer.");
  }

  private static Check program(String name, String question, String remedy) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(":", -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(file -> version(name, file, question))
        .orElseGet(() -> Check.warning(name, name + " is not on PATH", remedy));
  }

  private Check node() {
    return Files.isExecutable(project.node())
        ? version("node", project.node(), "--version")
        : Check.warning("node", "the pinned Node is not installed", "Run tools/npm-install.");
  }

  /** Asks a program for its version: one that is there may still not run. */
  static Check version(String name, Path program, String question) {
    try {
      Process process =
          new ProcessBuilder(program.toString(), question).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String answer = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      String first = answer.lines().findFirst().orElse("no version told");
      return process.waitFor() == 0
          ? Check.ok(name, first + " in " + program)
          : Check.failed(name, program + " does not run: " + first, "Install it anew.");
    } catch (IOException e) {
      return Check.failed(name, program + " does not run: " + e.getMessage(), "Install it anew.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Check.failed(name, "interrupted", "Run it again.");
    }
  }

  private Check bundle() {
    Path bundle = project.workerBundle();
    try {
      long bytes = Files.exists(bundle) ? Files.size(bundle) : 0;
      if (bytes == 0) {
        return Check.warning(
            "bundle", "the Worker's bundle is not built", "relayctl up builds it.");
      }
      String detail = bytes / 1000 + " kB";
      return bytes <= MAX_BUNDLE_BYTES
          ? Check.ok("bundle", detail)
          : Check.failed("bundle", detail, "Cloudflare takes 10 MB: find what makes it so large.");
    } catch (IOException e) {
      return Check.failed("bundle", "cannot be read: " + e.getMessage(), "Build it anew.");
    }
  }
}
