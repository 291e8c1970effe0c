package dev.gitblobs.ops;

import dev.gitblobs.ops.cloudflare.HttpThreads;
import dev.gitblobs.ops.command.Relayctl;
import dev.gitblobs.ops.terminal.StandardStream;
import java.io.FileDescriptor;
import picocli.CommandLine;

/** The entry of {@code relayctl}. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with 0 done, 1 failed, 2 usage, 141 no reader. */
  public static void main(String[] args) {
    StandardStream out = new StandardStream(FileDescriptor.out);
    CommandLine line = Relayctl.commandLine(args);
    line.setOut(out.writer());
    line.setErr(new StandardStream(FileDescriptor.err).writer());
    int code = Relayctl.execute(line, args);
    line.getOut().flush();
    HttpThreads.end();
    System.exit(out.exitCode(code, line.getErr()));
  }
}
