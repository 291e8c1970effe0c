package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.terminal.Terminal;

/** Asks before something that users would notice. */
final class Confirmation {
  private Confirmation() {}

  /** Whether somebody sees what is printed and can be asked. */
  static boolean isTerminal() {
    return Boolean.getBoolean("relay.tty.out");
  }

  /**
   * Passes when it may be done.
   *
   * @param yes whether that was said beforehand
   * @throws OpsException when the answer is no, or nobody can be asked
   */
  static void require(boolean yes, String question, Terminal terminal) {
    if (yes) {
      return;
    }
    if (!isTerminal() || terminal.isJson()) {
      throw OpsException.usage(
          "Nothing was changed: there is nobody to ask.", "Run it again with --yes.");
    }
    terminal.line(question + " [y/N]");
    if (!StandardInput.confirms()) {
      throw new OpsException("Nothing was changed.", "Run it again when the plan is right.");
    }
  }
}
