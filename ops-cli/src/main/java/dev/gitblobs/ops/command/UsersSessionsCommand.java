package dev.gitblobs.ops.command;

import dev.gitblobs.ops.relay.User;
import dev.gitblobs.ops.relay.Users;
import dev.gitblobs.ops.terminal.Table;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayctl users sessions}. */
@Command(
    name = "sessions",
    description = "The live sessions of a user; with --end or --end-one ends them.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl users sessions ada", "  relayctl users sessions ada --end --env prod"})
final class UsersSessionsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", converter = UserName.class, description = "The user's name.")
  private String name = "";

  @Option(names = "--end", description = "End all of them.")
  private boolean end;

  @Option(names = "--end-one", paramLabel = "SESSION", description = "End this one.")
  private @Nullable String one;

  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  /** The answer; its JSON form is stable. */
  record Live(User user, List<Users.Session> sessions) {}

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Users users = new Users(options.relay());
    User user = users.find(name);
    if (one != null) {
      users.endSession(user, one);
    }
    if (end) {
      terminal.line(users.endSessions(user) + " sessions ended.");
    }
    List<Users.Session> sessions = users.sessions(user);
    Table table = new Table("session", "device", "network", "since", "last seen", "expires");
    for (Users.Session session : sessions) {
      table.row(
          session.id(),
          session.device(),
          session.ipPrefix(),
          Terminal.moment(session.createdAt()),
          Terminal.moment(session.lastSeenAt()),
          Terminal.moment(session.expiresAt()));
    }
    table.print(terminal);
    terminal.result(new Live(user, sessions));
    return 0;
  }
}
