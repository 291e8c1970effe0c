package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.sync.SyncState;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows or says which relay a store belongs to. */
@Command(
    name = "remote",
    mixinStandardHelpOptions = true,
    description = "Shows the store's relay, or sets it: `remote set URL NAME`.",
    footerHeading = "%nExample:%n",
    footer = "  gitblobs --store notes remote set https://relay.example.org notes")
final class RemoteCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(index = "0", arity = "0..1", paramLabel = "set", description = "The word set.")
  private @Nullable String verb;

  @Parameters(index = "1", arity = "0..1", paramLabel = "URL", description = "The relay's address.")
  private @Nullable String url;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The store's name there.")
  private @Nullable String name;

  RemoteCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    if (verb != null) {
      set(repository);
    }
    Optional<SyncState> state = SyncState.load(repository.store().ownFolder());
    return root.done(
        state.map(RemoteCommand::json).orElse(Json.Nil.NULL),
        () ->
            root.output()
                .line(
                    state
                        .map(s -> s.store() + " at " + s.url() + ", this copy is " + s.device())
                        .orElse("This store has no relay.")));
  }

  private void set(Repository repository) {
    if (!"set".equals(verb) || url == null || name == null) {
      throw new FailedException("Say `remote set URL NAME`.");
    }
    RelayAccess access = new RelayAccess(root);
    SyncState.fresh(access.account(url).url(), StoreName.checked(name), access.newDevice())
        .save(repository.store().ownFolder());
  }

  static Json json(SyncState state) {
    return Json.object(
        "url", Json.of(state.url()),
        "store", Json.of(state.store()),
        "device", Json.of(state.device()));
  }
}
