package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.Ancestry;
import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.sync.SyncState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says where the store stands. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Says where the store stands: its head, its files, its refs, and what changed in its folder.",
      "Where something in the folder cannot be stored the exit status is 1."
    },
    footerHeading = "%nExample:%n",
    footer = "  gitblobs --store notes status --json")
final class StatusCommand implements Callable<Integer> {
  private final Gitblobs root;

  StatusCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    Optional<Commit> head = repository.head();
    Optional<FolderLook> folder = FolderLook.of(root, repository);
    int files =
        folder
            .map(look -> look.status().files())
            .orElseGet(() -> repository.files().entries().size());
    Map<String, Hash> refs = repository.store().refs();
    List<Object> refMembers = new ArrayList<>();
    refs.forEach(
        (name, hash) -> {
          refMembers.add(name);
          refMembers.add(Json.of(hash.hex()));
        });
    Optional<SyncState> relay = SyncState.load(repository.store().ownFolder());
    List<Conflict> open = repository.conflicts();
    Json json =
        Json.object(
            "store", Json.of(repository.store().base().toString()),
            "head", head.map(JsonForms::commit).orElse(Json.Nil.NULL),
            "files", Json.of((double) files),
            "refs", Json.object(refMembers.toArray()),
            "conflicts", JsonForms.conflicts(open),
            "relay", relay.map(state -> relayJson(repository, state)).orElse(Json.Nil.NULL));
    folder.ifPresent(look -> look.addTo(root.output()));
    return FolderReport.end(
        root,
        json,
        folder.map(FolderLook::isWhole).orElse(true),
        () -> {
          root.output().line("Store: " + SafeText.line(repository.store().base().toString()));
          root.output()
              .line(
                  head.map(
                          commit ->
                              "Head:  "
                                  + root.output()
                                      .coloured(Output.Colour.NAME, commit.hash().brief())
                                  + " "
                                  + SafeText.line(commit.message().lines().findFirst().orElse("")))
                      .orElse("Head:  none, the store has no commit yet"));
          root.output().line("Files: %,d".formatted(files));
          if (!open.isEmpty()) {
            ConflictReport.print(root, "Open:  to be decided", open, "gitblobs merge");
          }
          relay.ifPresent(
              state ->
                  root.output()
                      .line(
                          "Relay: %s at %s, %,d commits to push"
                              .formatted(
                                  SafeText.line(state.store()),
                                  SafeText.line(state.url()),
                                  ahead(repository, state))));
          relay
              .map(SyncState::keptUntil)
              .ifPresent(
                  until ->
                      root.output()
                          .line(
                              "Kept:  by the relay until %s at least; each sync puts it off"
                                  .formatted(
                                      Instant.ofEpochMilli(until)
                                          .truncatedTo(ChronoUnit.SECONDS))));
          refs.forEach(
              (name, hash) ->
                  root.output().line("Ref:   " + hash.brief() + " " + SafeText.line(name)));
          folder.ifPresent(look -> look.print(root));
        });
  }

  private static Json relayJson(Repository repository, SyncState state) {
    Hash last = state.head();
    Long until = state.keptUntil();
    return Json.object(
        "url", Json.of(state.url()),
        "store", Json.of(state.store()),
        "device", Json.of(state.device()),
        "head", last == null ? Json.Nil.NULL : Json.of(last.hex()),
        "ahead", Json.of((double) ahead(repository, state)),
        "kept_until", until == null ? Json.Nil.NULL : Json.of((double) until));
  }

  /** Local commits that the relay did not have when it was last seen. */
  private static long ahead(Repository repository, SyncState state) {
    Hash last = state.head();
    List<Hash> known = last == null ? List.of() : List.of(last);
    return repository
        .store()
        .head()
        .map(head -> Ancestry.missing(repository.store(), head, known).size())
        .orElse(0);
  }
}
