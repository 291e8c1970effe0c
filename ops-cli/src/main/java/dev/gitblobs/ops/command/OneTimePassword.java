package dev.gitblobs.ops.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gitblobs.ops.relay.User;
import dev.gitblobs.ops.relay.Users;
import dev.gitblobs.ops.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/**
 * Shows a one-time password: the only place where relayctl prints a secret, since that is asked.
 */
final class OneTimePassword {
  private OneTimePassword() {}

  /**
   * The answer; its JSON form is stable.
   *
   * @param user whose it is
   * @param password the password; null when the operator gave one
   * @param expiresAt until when it must be changed; null like the password
   */
  record Given(
      User user,
      @JsonProperty("one_time_password") @Nullable String password,
      @JsonProperty("password_expires_at") @Nullable Long expiresAt) {}

  static void print(Terminal terminal, Users.OneTime given) {
    terminal.line(
        "user               " + given.user().username() + " (" + given.user().role() + ")");
    if (!terminal.isJson()) {
      terminal.line("one-time password  " + terminal.bold(given.password().value()));
    }
    terminal.line(
        "                   shown this once; to be changed before "
            + Terminal.moment(given.expiresAt()));
    terminal.result(new Given(given.user(), given.password().value(), given.expiresAt()));
  }
}
