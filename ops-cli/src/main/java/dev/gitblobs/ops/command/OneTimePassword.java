package dev.gitblobs.ops.command;

import dev.gitblobs.ops.relay.Users;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.Map;

/**
 * Shows a one-time password: the only place where relayctl prints a secret, since that is asked.
 */
final class OneTimePassword {
  private OneTimePassword() {}

  static void print(Terminal terminal, Users.OneTime given) {
    terminal.line(
        "user               " + given.user().username() + " (" + given.user().role() + ")");
    if (!terminal.isJson()) {
      terminal.line("one-time password  " + terminal.bold(given.password().value()));
    }
    terminal.line(
        "                   shown this once; to be changed before "
            + Terminal.moment(given.expiresAt()));
    terminal.result(
        Map.of(
            "user",
            given.user(),
            "one_time_password",
            given.password().value(),
            "password_expires_at",
            given.expiresAt()));
  }
}
