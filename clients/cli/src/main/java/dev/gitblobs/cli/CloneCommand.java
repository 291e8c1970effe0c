package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.sync.NoStoreException;
import dev.gitblobs.client.sync.RelayAccount;
import dev.gitblobs.client.sync.SyncOutcome;
import dev.gitblobs.client.sync.SyncState;
import dev.gitblobs.client.sync.Syncer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a new copy of a relay's store. */
@Command(
    name = "clone",
    mixinStandardHelpOptions = true,
    description = "Makes a new copy of a store at a relay. Log in first.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs clone https://relay.example.org notes",
      "  gitblobs clone https://relay.example.org notes my-notes"
    })
final class CloneCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(index = "0", paramLabel = "URL", description = "The relay's address.")
  private String url = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "The store's name there.")
  private String name = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "DIR",
      description = "The new folder; --store, or NAME, if left out.")
  private @Nullable Path folder;

  @Option(names = "--device", paramLabel = "NAME", description = "What this copy is called.")
  private @Nullable String device;

  CloneCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    RelayAccess access = new RelayAccess(root);
    RelayAccount account = access.account(url);
    String checked = StoreName.checked(name);
    account.accessToken(); // not logged in: say so before a folder is made
    root.setStoreFolder(folder, Path.of(name));
    if (root.isStoreThere() && root.repository().head().isPresent()) {
      throw new FailedException(
          "There is a store with commits in " + root.storeFolder() + " already; pull into it.");
    }
    Repository repository = root.createRepository();
    SyncState state =
        SyncState.load(repository.store().ownFolder())
            .filter(known -> known.url().equals(account.url()) && known.store().equals(checked))
            .orElseGet(
                () ->
                    SyncState.fresh(
                        account.url(), checked, device != null ? device : access.newDevice()));
    state.save(repository.store().ownFolder());
    try (SyncReport report = new SyncReport(root)) {
      Syncer syncer =
          access.syncer(
              repository,
              state,
              report,
              ConflictResolver.NONE,
              UnrelatedPolicy.REFUSE,
              Syncer.Making.NEVER);
      SyncOutcome outcome = syncer.sync(Syncer.Direction.PULL);
      report.close();
      return report.report(outcome);
    } catch (NoStoreException e) {
      return new SyncReport(root).noStore(e);
    }
  }
}
