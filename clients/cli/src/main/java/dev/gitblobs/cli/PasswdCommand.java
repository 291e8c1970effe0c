package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.sync.RelayAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes the user's password. */
@Command(
    name = "passwd",
    mixinStandardHelpOptions = true,
    description = {
      "Changes your password at a relay, as a one-time password demands. Log in first.",
      "Both passwords are asked for, or are the first two lines of --password-file or input."
    },
    footerHeading = "%nExample:%n",
    footer = "  gitblobs passwd https://relay.example.org")
final class PasswdCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      description = "The relay; the store's if left out.")
  private @Nullable String url;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "The old and the new password.")
  private @Nullable Path passwordFile;

  PasswdCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    RelayAccess access = new RelayAccess(root);
    RelayAccount account = access.account(access.url(url));
    try (Passwords passwords = Passwords.open(root, passwordFile)) {
      String current = passwords.ask("Current password: ");
      account.changePassword(current, passwords.ask("New password: "));
    }
    return root.done(
        Json.object("url", Json.of(account.url())),
        () -> root.output().line("Your password at " + account.url() + " is changed."));
  }
}
