package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs the product's launchers as an operator would, with the state in a folder of the test's own.
 */
final class Launcher {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Of a command that hangs; the page's journeys, the longest, take five to ten. */
  private static final long LIMIT_MINUTES = 20;

  private final Path root;
  private final Path state;
  private final Map<String, String> variables = new TreeMap<>();

  /** The launchers of this checkout. */
  Launcher(Path state) {
    this(checkout(), state);
  }

  /** The launchers of another checkout. */
  Launcher(Path root, Path state) {
    this.root = root;
    this.state = state;
    variables.put("RELAY_STATE", state.toString());
    variables.put("NO_COLOR", "1");
  }

  /** How one run ended. */
  record Run(int exit, String out, String err) {
    /** Standard output as JSON. */
    JsonNode json() {
      try {
        return JSON.readTree(out);
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + out + err, e);
      }
    }

    /** Both outputs, for an assertion's message. */
    String all() {
      return "exit " + exit + "\n" + out + err;
    }
  }

  /** The root of the checkout under test. */
  Path root() {
    return root;
  }

  /** The state folder of the {@code local} environment. */
  Path local() {
    return state.resolve("local");
  }

  /** A launcher with one more environment variable. */
  Launcher with(String name, String value) {
    Launcher copy = new Launcher(root, state);
    copy.variables.putAll(variables);
    copy.variables.put(name, value);
    return copy;
  }

  /**
   * A launcher whose commands find the genuine engine, a backend in that folder, and the provider
   * of a local Cloudflare, beside which the engine need not look for the genuine one.
   */
  Launcher withEngine(Path backend, LocalCloudflare cloudflare) {
    Run engine = run(List.of(checkout().resolve("tools/pulumi/install").toString()));
    assertThat(engine.exit()).as(engine.all()).isZero();
    return with("PATH", engine.out().strip() + ":" + System.getenv("PATH"))
        .with("PULUMI_BACKEND_URL", "file://" + backend)
        .with("PULUMI_CONFIG_PASSPHRASE", "of no worth")
        .with("PULUMI_SKIP_UPDATE_CHECK", "true")
        .with("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
        .with(
            "PULUMI_DEBUG_PROVIDERS",
            "cloudflare:" + cloudflare.instance().path("provider_port").asText());
  }

  /** {@code ./relayctl ARGUMENTS}. */
  Run relayctl(String... arguments) {
    return relayctlReading("", arguments);
  }

  /** {@code ./relayctl ARGUMENTS}, which has to end well. */
  Run operate(String... arguments) {
    Run run = relayctl(arguments);
    assertThat(run.exit()).as(run.all()).isZero();
    return run;
  }

  /** {@code ./relayctl ARGUMENTS} with that text on its standard input. */
  Run relayctlReading(String input, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("relayctl").toString());
    command.addAll(List.of(arguments));
    return run(input, command);
  }

  /** Any command, started in the checkout, with nothing on its standard input. */
  Run run(List<String> command) {
    return run("", command);
  }

  /** Any command, started in the checkout, with that text on its standard input. */
  Run run(String input, List<String> command) {
    try {
      Path out = Files.createTempFile("run", ".out");
      Path err = Files.createTempFile("run", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(root.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(variables);
      Process process = builder.start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(command + " did not end: " + Files.readString(err));
      }
      Run run = new Run(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Starts {@code ./relayctl ARGUMENTS} and does not wait; standard error goes with the output. */
  Process start(Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(root.resolve("relayctl").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(variables);
    return builder.start();
  }

  /** Starts any command in the checkout and does not wait; what it prints goes nowhere. */
  Process start(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(variables);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The root of the checkout that these tests run in. */
  static Path checkout() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("relayctl"))) {
      at = at.getParent();
      if (at == null) {
        throw new AssertionError("these tests run inside a checkout");
      }
    }
    return at;
  }
}
