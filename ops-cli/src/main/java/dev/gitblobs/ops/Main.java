package dev.gitblobs.ops;

import dev.gitblobs.ops.command.Relayctl;

/** The entry of {@code relayctl}. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with 0 done, 1 failed, 2 usage. */
  public static void main(String[] args) {
    System.exit(Relayctl.commandLine().execute(args));
  }
}
