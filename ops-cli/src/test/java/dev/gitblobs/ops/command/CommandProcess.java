package dev.gitblobs.ops.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code relayctl} as a process of its own, without the launcher. */
public final class CommandProcess {
  private final Process process;
  private final BufferedReader output;

  private CommandProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts it; both of its streams are read as one. */
  public static CommandProcess start(Map<String, String> environment, String... words)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.gitblobs.ops.Main"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new CommandProcess(builder.start());
  }

  public Process process() {
    return process;
  }

  /** Reads on until a line contains that text. */
  public String awaitLine(String text) throws IOException {
    StringBuilder read = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      read.append(line).append('\n');
      if (line.contains(text)) {
        return line;
      }
    }
    throw new AssertionError("it ended without '" + text + "': " + read);
  }

  /** Types a line. */
  public CommandProcess type(String line) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
    return this;
  }

  /** How it ended, with all that it said. */
  CommandRun run() throws IOException, InterruptedException {
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
    }
    return new CommandRun(process.waitFor(), said.toString(), "");
  }

  /** Reads the rest and waits for its end. */
  public int end() throws IOException, InterruptedException {
    while (output.readLine() != null) {
      // what it still says is of no interest
    }
    return process.waitFor();
  }
}
