package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.sync.Login;
import dev.gitblobs.client.sync.RelayAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Logs in at a relay. */
@Command(
    name = "login",
    mixinStandardHelpOptions = true,
    description = {
      "Logs in at a relay and keeps the login in a file that only you can read.",
      "The password is asked for, or comes from --password-file or standard input; never from an"
          + " argument."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs login https://relay.example.org --user ada",
      "  gitblobs login https://relay.example.org --user ada --password-file ~/.relay-password"
    })
final class LoginCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(arity = "0..1", paramLabel = "URL", description = "The relay's address.")
  private @Nullable String url;

  @Option(
      names = {"-u", "--user"},
      paramLabel = "NAME",
      required = true,
      description = "Your user name.")
  private String user = "";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "Its first line is the password.")
  private @Nullable Path passwordFile;

  @Option(names = "--device", paramLabel = "NAME", description = "What the session is called.")
  private @Nullable String device;

  LoginCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    RelayAccess access = new RelayAccess(root);
    RelayAccount account = access.account(access.url(url));
    String name = device != null ? device : access.newDevice();
    Login login;
    try (Passwords passwords = Passwords.open(root, passwordFile)) {
      login = account.login(user, passwords.ask("Password for " + user + ": "), name);
    }
    if (login.mustChangePassword()) {
      root.output().note("This password is good for one login: change it with `gitblobs passwd`.");
    }
    return root.done(
        Json.object("url", Json.of(login.url()), "user", Json.of(login.user())),
        () -> root.output().line("Logged in at " + login.url() + " as " + login.user() + "."));
  }
}
