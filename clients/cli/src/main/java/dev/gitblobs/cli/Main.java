package dev.gitblobs.cli;

/** Where the process starts. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code: 0 done, 1 failed, 2 usage. */
  public static void main(String[] args) {
    System.exit(Gitblobs.run(Terminal.ofProcess(), args));
  }
}
