package dev.gitblobs.ops.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.environment.StateFiles;
import dev.gitblobs.ops.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The local Cloudflare of an environment as a background process. Its own {@code instance.json} is
 * the one record of where it listens; a record whose process is gone counts as none.
 */
public final class LocalCloudflare {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);

  private final Project project;
  private final Path state;
  private final Path log;

  /** The local Cloudflare whose state lies in the environment's state folder. */
  public LocalCloudflare(Environment environment) {
    this.project = environment.project();
    this.state = environment.state().resolve("cloudflare");
    this.log = environment.state().resolve("cloudflare.log");
  }

  /** Where it writes its log. */
  public Path log() {
    return log;
  }

  /** The running instance, if there is one. */
  public Optional<Instance> running() {
    Path record = state.resolve("instance.json");
    if (!Files.exists(record)) {
      return Optional.empty();
    }
    try {
      Instance instance = Json.MAPPER.readValue(StateFiles.read(record), Instance.class);
      return process(instance).isPresent() ? Optional.of(instance) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty(); // half a record is no record
    }
  }

  /**
   * Whether a record is left of an instance that is gone: it was killed, or the machine restarted.
   */
  public boolean isStale() {
    return Files.exists(state.resolve("instance.json")) && running().isEmpty();
  }

  /**
   * Starts it and waits until it answers.
   *
   * @throws OpsException when it ends or stays silent; the message carries the end of its log
   */
  public Instance start() {
    try {
      Files.createDirectories(state);
      Files.deleteIfExists(state.resolve("instance.json"));
      Process process = spawn();
      long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
      while (System.nanoTime() < deadline) {
        Optional<Instance> instance = running();
        if (instance.isPresent()) {
          return instance.get();
        }
        if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
          throw new OpsException(
              "The local Cloudflare ended while it was starting: " + lastWords(),
              "Its log is " + log + ". Mend what it says and run the same command again.");
        }
      }
      process.destroyForcibly();
      throw new OpsException(
          "The local Cloudflare did not start within " + START_TIMEOUT.toSeconds() + " s.",
          "Its log is " + log + ". Run the same command again.");
    } catch (IOException e) {
      throw new OpsException(
          "Could not start the local Cloudflare: " + e.getMessage(),
          "Check that " + state + " can be written and that Java is installed.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OpsException("Interrupted while starting the local Cloudflare.", "Run again.", e);
    }
  }

  /**
   * Stops it and all that it started. Asks first, then forces after {@value} seconds.
   *
   * @return whether there was anything to stop
   */
  public boolean stop() {
    Optional<ProcessHandle> found = running().flatMap(this::process);
    if (found.isEmpty()) {
      return false;
    }
    ProcessHandle process = found.get();
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    if (!ends(process)) {
      process.destroyForcibly();
      ends(process);
    }
    children.forEach(ProcessHandle::destroyForcibly);
    children.forEach(LocalCloudflare::ends);
    return true;
  }

  private Process spawn() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    // Ctrl-C and a closed terminal are meant for relayctl. Node and workerd do not inherit that a
    // signal is ignored: the family gets a session of its own where there is a program for it.
    return new ProcessBuilder(
            "/bin/sh",
            "-c",
            "trap '' INT HUP; command -v setsid >/dev/null && exec setsid \"$@\"; exec \"$@\"",
            "sh",
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            project.cloudflareLocalJar().toString(),
            "serve",
            "--state",
            state.toString(),
            "--node",
            project.node().toString(),
            "--runtime",
            project.cloudflareLocalRuntime().toString())
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /**
   * The instance's process, if it is alive and serves this very state folder: pids are used again,
   * perhaps by the local Cloudflare of another environment.
   */
  private Optional<ProcessHandle> process(Instance instance) {
    return ProcessHandle.of(instance.pid())
        .filter(ProcessHandle::isAlive)
        .filter(handle -> handle.info().commandLine().filter(this::servesThisState).isPresent());
  }

  private boolean servesThisState(String commandLine) {
    return commandLine.contains("cloudflare-local.jar serve --state " + state + " ");
  }

  private static boolean ends(ProcessHandle process) {
    try {
      process.onExit().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String lastWords() throws IOException {
    if (!Files.exists(log)) {
      return "it said nothing.";
    }
    try (Stream<String> lines = Files.lines(log)) {
      List<String> all = lines.toList();
      return all.stream()
          .skip(Math.max(0, all.size() - 5))
          .collect(Collectors.joining("\n    ", "\n    ", ""));
    }
  }
}
