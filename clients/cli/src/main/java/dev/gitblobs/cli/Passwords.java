package dev.gitblobs.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where passwords come from: a file, a person at the terminal, or standard input; line by line. */
final class Passwords implements AutoCloseable {
  private final @Nullable Console console;
  private final BufferedReader lines;

  private Passwords(@Nullable Console console, BufferedReader lines) {
    this.console = console;
    this.lines = lines;
  }

  static Passwords open(Gitblobs root, @Nullable Path file) throws IOException {
    if (file != null) {
      Path path = root.terminal().directory().resolve(file);
      return new Passwords(null, Files.newBufferedReader(path));
    }
    Console console = root.terminal().isTerminal() ? System.console() : null;
    return new Passwords(
        console,
        new BufferedReader(new InputStreamReader(root.terminal().in(), StandardCharsets.UTF_8)));
  }

  /** The next password. */
  String ask(String prompt) throws IOException {
    if (console != null) {
      char[] typed = console.readPassword("%s", prompt);
      return typed == null ? "" : String.valueOf(typed);
    }
    String line = lines.readLine();
    return line == null ? "" : line;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
