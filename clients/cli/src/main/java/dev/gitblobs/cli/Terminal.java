package dev.gitblobs.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * The world around a command: streams, environment, working directory and clock.
 *
 * @param isTerminal whether a person reads standard output
 * @param showsProgress whether a person reads standard error
 */
record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path directory,
    InstantSource clock,
    boolean isTerminal,
    boolean showsProgress) {
  /** Buffered, because a log has many lines; {@link Gitblobs#run} flushes it. */
  private static final int BUFFER = 1 << 16;

  /**
   * The process's own. The launcher says which streams are terminals: Java cannot tell one by one.
   */
  static Terminal ofProcess(OutputStream out) {
    return new Terminal(
        System.in,
        utf8(out, false),
        utf8(new FileOutputStream(FileDescriptor.err), true),
        withHome(System.getenv(), System.getProperty("user.home", "")),
        Path.of("").toAbsolutePath(),
        InstantSource.system(),
        Boolean.getBoolean("gitblobs.terminal.out"),
        Boolean.getBoolean("gitblobs.terminal.err"));
  }

  /**
   * Where nobody says HOME, it is what the system knows of the user; Java says "?" when that is
   * nothing.
   */
  private static Map<String, String> withHome(Map<String, String> environment, String known) {
    boolean isSaid = !environment.getOrDefault("HOME", "").isEmpty();
    if (isSaid || known.isEmpty() || known.equals("?")) {
      return environment;
    }
    Map<String, String> complete = new HashMap<>(environment);
    complete.put("HOME", known);
    return complete;
  }

  private static PrintStream utf8(OutputStream stream, boolean autoFlush) {
    var buffered = new java.io.BufferedOutputStream(stream, BUFFER);
    return new PrintStream(buffered, autoFlush, StandardCharsets.UTF_8);
  }

  /** An environment variable; empty text when it is not set. */
  String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  /** Whether to colour: a terminal, and nobody said NO_COLOR (no-color.org) or TERM=dumb. */
  boolean isColoured() {
    return isTerminal && variable("NO_COLOR").isEmpty() && !variable("TERM").equals("dumb");
  }
}
