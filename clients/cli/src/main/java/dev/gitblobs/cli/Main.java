package dev.gitblobs.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.Locale;

/** Where the process starts. */
public final class Main {
  private Main() {}

  /**
   * Runs one command and ends the process with its exit code: 0 done, 1 failed, 2 usage, 141 no
   * reader.
   */
  public static void main(String[] args) {
    // Java does not log in at proxies for https otherwise; nothing but what HTTPS_PROXY says is
    // sent there.
    System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    // Digits, dates and sentences are the same wherever one lives.
    Locale.setDefault(Locale.ROOT);
    StandardOutput out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    Terminal terminal = Terminal.ofProcess(out);
    System.exit(out.exitCode(Gitblobs.run(terminal, args), terminal.err()));
  }
}
