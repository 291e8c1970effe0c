package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.sync.HeldStore;
import dev.gitblobs.client.sync.RelayAccount;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the stores at a relay, or removes one there. */
@Command(
    name = "stores",
    mixinStandardHelpOptions = true,
    description = {
      "Lists your stores at the relay, or removes one there with all it holds. Copies stay as they",
      "are, and no device brings a removed store back unless `sync --make-anew` is said."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs stores https://relay.example.org",
      "  gitblobs stores https://relay.example.org --remove old-notes"
    })
final class StoresCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      description = "The relay; the store's if left out.")
  private @Nullable String url;

  @Option(names = "--remove", paramLabel = "NAME", description = "Remove this store.")
  private @Nullable String removed;

  StoresCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    RelayAccess access = new RelayAccess(root);
    RelayAccount account = access.account(access.url(url));
    List<HeldStore> stores = account.stores();
    if (removed != null) {
      return remove(account, stores, StoreName.checked(removed));
    }
    return root.done(
        Json.array(stores.stream().map(StoresCommand::json).toList()),
        () -> {
          stores.forEach(store -> root.output().line(line(store)));
          if (stores.isEmpty()) {
            root.output().line("You have no store at " + account.url() + ".");
          }
        });
  }

  /** By its id too, so that one that was made anew under the name meanwhile stays. */
  private int remove(RelayAccount account, List<HeldStore> stores, String name) {
    HeldStore store =
        stores.stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new FailedException(
                        "You have no store " + name + " at " + account.url() + "."));
    account.removeStore(store);
    return root.done(
        Json.object("removed", json(store)),
        () -> root.output().line("Removed " + name + " from " + account.url() + "."));
  }

  private static String line(HeldStore store) {
    Long until = store.keptUntil();
    String kept =
        until == null
            ? ""
            : ", kept until " + Instant.ofEpochMilli(until).truncatedTo(ChronoUnit.SECONDS);
    return "%s  %,d objects, %,d bytes%s"
        .formatted(SafeText.line(store.name()), store.objects(), store.bytes(), kept);
  }

  private static Json json(HeldStore store) {
    String head = store.head();
    Long until = store.keptUntil();
    return Json.object(
        "id", Json.of((double) store.id()),
        "name", Json.of(store.name()),
        "head", head == null ? Json.Nil.NULL : Json.of(head),
        "objects", Json.of((double) store.objects()),
        "bytes", Json.of((double) store.bytes()),
        "kept_until", until == null ? Json.Nil.NULL : Json.of((double) until));
  }
}
