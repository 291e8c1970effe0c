package dev.gitblobs.ops.command;

import dev.gitblobs.ops.relay.User;
import dev.gitblobs.ops.relay.Users;
import dev.gitblobs.ops.terminal.Table;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code relayctl users list}. */
@Command(
    name = "list",
    description = "All users, by name.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl users list", "  relayctl users list --env prod --json"})
final class UsersListCommand implements Callable<Integer> {

  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  /** The answer; its JSON form is stable. */
  record Everybody(List<User> users) {}

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    List<User> users = new Users(options.relay()).list();
    Table table = new Table("name", "role", "state", "since", "id");
    for (User user : users) {
      table.row(
          user.username(), user.role(), state(user), Terminal.moment(user.createdAt()), user.id());
    }
    table.print(terminal);
    terminal.result(new Everybody(users));
    return 0;
  }

  private static String state(User user) {
    if (user.disabled()) {
      return "disabled";
    }
    return user.passwordMustChange() ? "one-time password" : "active";
  }
}
