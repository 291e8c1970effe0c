package dev.gitblobs.ops;

import dev.gitblobs.ops.cloudflare.HttpThreads;
import dev.gitblobs.ops.command.Relayctl;
import dev.gitblobs.ops.terminal.Interruption;
import dev.gitblobs.ops.terminal.Screen;
import dev.gitblobs.ops.terminal.StandardStream;
import dev.gitblobs.ops.terminal.Terminal;
import java.io.FileDescriptor;
import java.io.PrintWriter;
import java.util.List;
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
    int code = execute(line, args);
    line.getOut().flush();
    HttpThreads.end();
    System.exit(out.exitCode(code, line.getErr()));
  }

  private static int execute(CommandLine line, String[] args) {
    if (List.of(args).contains("logs")) {
      return Relayctl.execute(line, args); // which is ended like this
    }
    PrintWriter out = new StandardStream(FileDescriptor.out).writer();
    PrintWriter err = new StandardStream(FileDescriptor.err).writer();
    boolean json = Relayctl.isForMachines(args);
    Terminal terminal = new Terminal(out, err, json, Screen.ofThisProcess());
    try (Interruption told = Interruption.toldTo(terminal)) {
      return Relayctl.execute(line, args);
    }
  }
}
