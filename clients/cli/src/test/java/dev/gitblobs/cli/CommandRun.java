package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A user at a shell in one folder: runs commands in this process and keeps what they print. */
final class CommandRun {
  /** What a command did. */
  record Result(int exit, String out, String err) {
    Json.Obj json() {
      return (Json.Obj) JsonReader.read(out);
    }
  }

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final AtomicLong seconds = new AtomicLong(1_700_000_000);
  private boolean isTerminal;

  CommandRun(Path folder) {
    this.folder = folder;
    environment.put("HOME", folder.resolve("home").toString());
  }

  CommandRun with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  CommandRun onATerminal() {
    isTerminal = true;
    return this;
  }

  Result run(String... args) {
    return runWithInput("", args);
  }

  Result runWithInput(String input, String... args) {
    return runWithInput(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), args);
  }

  Result runWithInput(InputStream input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    InstantSource clock = () -> Instant.ofEpochSecond(seconds.incrementAndGet());
    Terminal terminal =
        new Terminal(
            input,
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            environment,
            folder,
            clock,
            isTerminal,
            isTerminal);
    int exit = Gitblobs.run(terminal, args);
    return new Result(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs a command that must succeed. */
  Result ok(String... args) {
    Result result = run(args);
    if (result.exit() != 0) {
      throw new AssertionError(String.join(" ", args) + ": " + result.out() + result.err());
    }
    return result;
  }

  /** Adds a file of this text. */
  String add(String store, String name, String text) {
    Result result = runWithInput(text, "--store", store, "add", "-", "--as", name, "--json");
    if (result.exit() != 0) {
      throw new AssertionError(result.err());
    }
    return result.json().text("commit").orElse("");
  }
}
