package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** What is typed or piped into a command. */
final class StandardInput {
  private static final BufferedReader IN =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  private StandardInput() {}

  /**
   * The next line, as a secret.
   *
   * @throws OpsException when there is none
   */
  static Secret secret(String what) {
    String line = line();
    if (line.isBlank()) {
      throw OpsException.usage(
          "Standard input has no line with " + what + ".", "Pipe it in, or redirect a file.");
    }
    return new Secret(line);
  }

  /** Asks on a terminal; whether the answer is yes. */
  static boolean confirms() {
    return line().strip().matches("(?i)y|yes");
  }

  private static String line() {
    try {
      String line = IN.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new OpsException("Could not read standard input.", "Run the command again.", e);
    }
  }
}
