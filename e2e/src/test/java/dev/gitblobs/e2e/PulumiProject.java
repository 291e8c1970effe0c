package dev.gitblobs.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The repository's Pulumi project in a folder of the test's own, with the genuine engine: stack
 * files and bundle may be changed there, and the state is thrown away.
 */
final class PulumiProject {
  private static final AtomicInteger STACKS = new AtomicInteger();

  private final Path root;
  private final Path folder;
  private final LocalCloudflare cloudflare;
  private final Launcher launcher;

  PulumiProject(Path root, Path folder, LocalCloudflare cloudflare) {
    this.root = root;
    this.folder = folder;
    this.cloudflare = cloudflare;
    try {
      Files.createDirectories(folder.resolve("infra/stacks"));
      var jar = root.resolve("infra/target/infra.jar").toString();
      Files.writeString(
          folder.resolve("Pulumi.yaml"),
          Files.readString(root.resolve("Pulumi.yaml")).replace("infra/target/infra.jar", jar));
      copy(root, "worker/bindings.json");
      copy(root, "worker/dist/worker.mjs");
      Files.createDirectories(folder.resolve("state"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    launcher =
        new Launcher(folder)
            .withEngine(folder.resolve("state"), cloudflare)
            .with("PULUMI_HOME", folder.resolve("home").toString())
            // As relayctl starts the program: from the classes it has archived, if it has.
            .with(
                "JDK_JAVA_OPTIONS",
                "-Xshare:auto -Xlog:disable -Xlog:all=off -XX:TieredStopAtLevel=1"
                    + (" -XX:+UseSerialGC -XX:SharedArchiveFile=" + root)
                    + "/infra/target/infra.jsa");
  }

  /** A new stack, configured for the local Cloudflare, of the environment PREFIX-N. */
  Stack stack(String prefix, Map<String, String> settings) {
    return named(prefix + "-" + STACKS.incrementAndGet(), settings);
  }

  /** A new stack of that name with the repository's own stack file. */
  Stack committed(String name, Map<String, String> settings) {
    try {
      copy(root, "infra/stacks/Pulumi." + name + ".yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return named(name, settings);
  }

  /** A new stack of that very name. */
  Stack named(String name, Map<String, String> settings) {
    var stack = new Stack(name);
    stack.run("stack", "init");
    var plain = new TreeMap<>(settings);
    plain.put("gitblobs-relay:accountId", cloudflare.accountId());
    plain.put("cloudflare:baseUrl", cloudflare.apiUrl());
    stack.configure(plain);
    return stack;
  }

  void bundle(String code) {
    try {
      Files.writeString(folder.resolve("worker/dist/worker.mjs"), code);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void copy(Path root, String file) throws IOException {
    Files.createDirectories(folder.resolve(file).getParent());
    Files.copy(root.resolve(file), folder.resolve(file));
  }

  /** One stack of the project. */
  final class Stack {
    private final String name;
    private final Map<String, String> secrets = new TreeMap<>();

    private Stack(String name) {
      this.name = name;
      var random = new SecureRandom();
      for (var key : List.of("jwtSecret", "passwordPepper", "adminToken")) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        secrets.put(
            "gitblobs-relay:" + key, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
      }
      secrets.put("cloudflare:apiToken", cloudflare.token());
    }

    /** The name of the script and the database. */
    String script() {
      return "gitblobs-relay-" + name;
    }

    List<String> secretValues() {
      return List.copyOf(secrets.values());
    }

    void set(String key, String value) {
      succeeds("config", "set", key, value);
    }

    /** Sets a value that is encrypted in the stack file. */
    void secret(String key, String value) {
      secrets.put(key, value);
      succeeds("config", "set", "--secret", key, value);
    }

    /** Brings it up twice: the second time the applied migration leaves the state. */
    void upAndSettled() {
      succeeds("up", "--yes", "--skip-preview");
      succeeds("up", "--yes", "--skip-preview");
    }

    /** What the next update would do, by resource name; what stays as it is is left out. */
    Map<String, String> plan() {
      var steps = new TreeMap<String, String>();
      for (var step : json("preview", "--json").path("steps")) {
        var urn = step.path("urn").asText();
        if (!step.path("op").asText().equals("same")) {
          steps.put(urn.substring(urn.lastIndexOf(':') + 1), step.path("op").asText());
        }
      }
      return steps;
    }

    JsonNode json(String... arguments) {
      var out = succeeds(arguments).out();
      try {
        return Launcher.JSON.readTree(out);
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + out, e);
      }
    }

    Launcher.Run succeeds(String... arguments) {
      var run = run(arguments);
      if (run.exit() != 0) {
        throw new AssertionError(List.of(arguments) + " failed: " + run.all());
      }
      return run;
    }

    Launcher.Run run(String... arguments) {
      var command = new ArrayList<>(List.of("pulumi", "-C", folder.toString()));
      command.addAll(List.of(arguments));
      command.addAll(List.of("--stack", name, "--non-interactive", "--color", "never"));
      // Found on the launcher's own PATH, which the test's process does not have.
      var shell = List.of("sh", "-c", "exec \"$@\"", "sh");
      var whole = new ArrayList<>(shell);
      whole.addAll(command);
      return launcher.run(whole);
    }

    private void configure(Map<String, String> plain) {
      var arguments = new ArrayList<>(List.of("config", "set-all"));
      plain.forEach((key, value) -> arguments.addAll(List.of("--plaintext", key + "=" + value)));
      secrets.forEach((key, value) -> arguments.addAll(List.of("--secret", key + "=" + value)));
      succeeds(arguments.toArray(String[]::new));
    }
  }
}
