package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.relay.User;
import dev.gitblobs.ops.relay.Users;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayctl users remove}. */
@Command(
    name = "remove",
    description =
        "Remove a user with all stores and objects. There is no way back but a database restore.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl users remove ada --env prod --yes"})
final class UsersRemoveCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", converter = UserName.class, description = "The user's name.")
  private String name = "";

  @Option(names = "--yes", description = "Do it.")
  private boolean yes;

  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Users users = new Users(options.relay());
    User user = users.find(name);
    if (!yes) {
      throw new OpsException(
          "Nothing was changed: this removes '" + user.username() + "' with all data.",
          "Run it again with --yes if that is meant; users disable keeps the data.");
    }
    users.remove(user);
    terminal.line(user.username() + " is gone.");
    terminal.result(user);
    return 0;
  }
}
