package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.UndoOutcome;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.HeadStep;
import dev.gitblobs.client.sync.SyncState;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Takes back the last step. */
@Command(
    name = "undo",
    mixinStandardHelpOptions = true,
    description = {
      "Takes back the last step that changed HEAD: a commit, merge, import, restore or pull.",
      "Said again it goes on to the step before. What the relay has is never rewritten: such a step",
      "is taken back by a new commit, and the command says so."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  gitblobs --store notes undo", "  gitblobs --store notes show HEAD@{1}"})
final class UndoCommand implements Callable<Integer> {
  private final Gitblobs root;

  UndoCommand(Gitblobs root) {
    this.root = root;
  }

  /** The commits that the relay had when it was last seen. */
  static List<Hash> pushed(Repository repository) {
    return SyncState.load(repository.store().ownFolder())
        .map(SyncState::head)
        .map(List::of)
        .orElse(List.of());
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    UndoOutcome outcome = repository.undo(pushed(repository));
    if (outcome instanceof UndoOutcome.MovedBack back) {
      return root.done(
          json("moved-back", back.step(), back.head()),
          () ->
              root.output()
                  .line(
                      "Took back the %s; HEAD is now %s. `gitblobs merge %s` brings it again."
                          .formatted(
                              back.step().kind(), back.head(), back.step().after().brief())));
    }
    if (outcome instanceof UndoOutcome.Committed made) {
      return root.done(
          json("committed", made.step(), made.commit().hash()),
          () ->
              root.output()
                  .line(
                      "Took back the %s by a new commit, because it is kept elsewhere: %s."
                          .formatted(made.step().kind(), made.commit().hash())));
    }
    return root.done(
        Json.object("result", Json.of("nothing"), "step", Json.Nil.NULL, "head", Json.Nil.NULL),
        () -> root.output().line("There is no step to take back."));
  }

  private static Json json(String result, HeadStep step, Hash head) {
    Hash before = step.before();
    return Json.object(
        "result",
        Json.of(result),
        "step",
        Json.object(
            "kind", Json.of(step.kind()),
            "before", before == null ? Json.Nil.NULL : Json.of(before.hex()),
            "after", Json.of(step.after().hex())),
        "head",
        Json.of(head.hex()));
  }
}
