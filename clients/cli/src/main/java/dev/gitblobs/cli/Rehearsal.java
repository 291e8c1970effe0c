package dev.gitblobs.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the common commands once on a throw-away store. The launcher records which classes that
 * loads ({@code -XX:ArchiveClassesAtExit}) so that every later start finds them ready.
 */
public final class Rehearsal {
  private static final String[][] COMMANDS = {
    {"--version"},
    {"init"},
    {"add", "-", "--as", "a.txt"},
    {"add", "-", "--as", "b.txt", "-m", "second"},
    {"status"},
    {"log", "--graph"},
    {"log", "--json"},
    {"show"},
    {"cat", "a.txt"},
    {"diff"},
    {"mv", "a.txt", "c.txt"},
    {"rm", "b.txt"},
    {"snapshot"},
    {"export", "backup.bin"},
    {"import", "backup.bin"},
    {"verify"},
  };

  private Rehearsal() {}

  /** Runs them; what they print goes nowhere. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("gitblobs");
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    for (String[] command : COMMANDS) {
      Terminal terminal =
          new Terminal(
              new ByteArrayInputStream(command[0].getBytes(StandardCharsets.UTF_8)),
              nowhere,
              nowhere,
              Map.of("HOME", folder.toString()),
              folder,
              InstantSource.system(),
              false,
              false);
      Gitblobs.run(terminal, command);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
