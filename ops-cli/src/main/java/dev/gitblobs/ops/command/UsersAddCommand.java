package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.Secret;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.relay.Login;
import dev.gitblobs.ops.relay.RelayClient;
import dev.gitblobs.ops.relay.RelayProblem;
import dev.gitblobs.ops.relay.Users;
import dev.gitblobs.ops.terminal.Terminal;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayctl users add}. */
@Command(
    name = "add",
    description = {
      "Add a user. A one-time password is printed this once, to be changed within 24 hours;",
      "or, with --password-stdin, the password is the one on standard input."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl users add ada",
      "  relayctl users add ada --role admin --env prod",
      "  relayctl users add ada --password-stdin < password.txt"
    })
final class UsersAddCommand implements Callable<Integer> {
  /** What somebody may do, by the relay's own words. */
  enum Role {
    user,
    admin
  }

  @Parameters(
      paramLabel = "NAME",
      converter = UserName.class,
      description = "a-z, 0-9, '.', '_' and '-', at most 64.")
  private String name = "";

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "user",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Role role = Role.user;

  @Option(
      names = "--password-stdin",
      description = "Read the password from the first line of standard input.")
  private boolean passwordFromInput;

  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    RelayClient relay = options.relay();
    Secret password = passwordFromInput ? StandardInput.secret("the password") : null;
    Users users = new Users(relay);
    Users.OneTime added = users.add(name, role.name());
    if (password == null) {
      OneTimePassword.print(terminal, added);
      return 0;
    }
    URI address = RelayOptions.address(Target.of(options.environment()));
    try {
      Login.changePassword(address, name, added.password(), password);
    } catch (RelayProblem e) {
      users.remove(added.user());
      throw e;
    }
    terminal.line(name + " is added with the given password.");
    terminal.result(new OneTimePassword.Given(added.user().withPasswordChanged(), null, null));
    return 0;
  }
}
