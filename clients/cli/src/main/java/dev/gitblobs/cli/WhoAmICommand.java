package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.sync.RelayAccount;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says who is logged in. */
@Command(
    name = "whoami",
    mixinStandardHelpOptions = true,
    description = "Asks the relay who is logged in.")
final class WhoAmICommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      description = "The relay; the store's if left out.")
  private @Nullable String url;

  WhoAmICommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    RelayAccess access = new RelayAccess(root);
    RelayAccount account = access.account(access.url(url));
    Json.Obj answer = account.whoAmI();
    return root.done(
        answer,
        () -> {
          String user =
              answer.get("user").orElse(Json.Nil.NULL) instanceof Json.Obj object
                  ? object.text("username").orElse("?")
                  : "?";
          root.output().line(SafeText.line(user) + " at " + account.url());
        });
  }
}
