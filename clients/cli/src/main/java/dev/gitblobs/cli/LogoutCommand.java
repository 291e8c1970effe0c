package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.sync.RelayAccount;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends the session at a relay. */
@Command(
    name = "logout",
    mixinStandardHelpOptions = true,
    description = "Ends the session at a relay and forgets the login. Stores stay as they are.")
final class LogoutCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      description = "The relay; the store's if left out.")
  private @Nullable String url;

  LogoutCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    RelayAccess access = new RelayAccess(root);
    RelayAccount account = access.account(access.url(url));
    account.logout();
    return root.done(
        Json.object("url", Json.of(account.url())),
        () -> root.output().line("Logged out at " + account.url() + "."));
  }
}
