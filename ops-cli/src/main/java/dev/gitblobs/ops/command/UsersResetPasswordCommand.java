package dev.gitblobs.ops.command;

import dev.gitblobs.ops.relay.Users;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code relayctl users reset-password}. */
@Command(
    name = "reset-password",
    description = "Give a user a one-time password, printed this once; ends all its sessions.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl users reset-password ada --env prod"})
final class UsersResetPasswordCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", converter = UserName.class, description = "The user's name.")
  private String name = "";

  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Users users = new Users(options.relay());
    OneTimePassword.print(terminal, users.resetPassword(users.find(name)));
    return 0;
  }
}
