package dev.gitblobs.ops.command;

import dev.gitblobs.ops.relay.User;
import dev.gitblobs.ops.relay.Users;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code relayctl users enable}. */
@Command(
    name = "enable",
    description = "Let a disabled user log in again.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl users enable ada --env prod"})
final class UsersEnableCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", converter = UserName.class, description = "The user's name.")
  private String name = "";

  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Users users = new Users(options.relay());
    User user = users.enable(users.find(name));
    terminal.line(user.username() + " is enabled.");
    terminal.result(user);
    return 0;
  }
}
