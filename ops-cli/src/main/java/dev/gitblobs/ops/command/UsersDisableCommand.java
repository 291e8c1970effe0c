package dev.gitblobs.ops.command;

import dev.gitblobs.ops.relay.User;
import dev.gitblobs.ops.relay.Users;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code relayctl users disable}. */
@Command(
    name = "disable",
    description = "Disable a user: ends its sessions, closes its sockets, refuses logins.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl users disable ada --env prod"})
final class UsersDisableCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", converter = UserName.class, description = "The user's name.")
  private String name = "";

  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Users users = new Users(options.relay());
    User user = users.disable(users.find(name));
    terminal.line(user.username() + " is disabled.");
    terminal.result(user);
    return 0;
  }
}
