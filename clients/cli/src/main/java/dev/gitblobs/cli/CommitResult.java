package dev.gitblobs.cli;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.json.Json;

/** How commands that commit say what came of it. */
final class CommitResult {
  private CommitResult() {}

  static int report(Gitblobs root, CommitOutcome outcome) {
    if (outcome instanceof CommitOutcome.Committed committed) {
      String hash = committed.commit().hash().hex();
      String message = Output.printable(committed.commit().message());
      return root.done(
          Json.object("changed", Json.of(true), "commit", Json.of(hash)),
          () ->
              root.output().line(root.output().coloured(Output.Colour.NAME, hash) + " " + message));
    }
    if (outcome instanceof CommitOutcome.Refused refused) {
      throw new FailedException(
          "Tried to change "
              + Output.printable(refused.path())
              + " but "
              + refused.reason()
              + ". Nothing was committed.");
    }
    return root.done(
        Json.object("changed", Json.of(false), "commit", Json.Nil.NULL),
        () -> root.output().line("Nothing to commit: the store has it all already."));
  }
}
