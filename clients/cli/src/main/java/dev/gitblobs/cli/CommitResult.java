package dev.gitblobs.cli;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How commands that commit say what came of it. */
final class CommitResult {
  private CommitResult() {}

  static int report(Gitblobs root, CommitOutcome outcome) {
    return report(root, outcome, List.of());
  }

  /** The same where some files could not be stored: they are told, and the command has failed. */
  static int report(Gitblobs root, CommitOutcome outcome, List<LeftOut> leftOut) {
    LeftOut.note(root, leftOut);
    if (outcome instanceof CommitOutcome.Committed committed) {
      String hash = committed.commit().hash().hex();
      String message = SafeText.line(committed.commit().message());
      return end(
          root,
          Json.object("changed", Json.of(true), "commit", Json.of(hash)),
          leftOut,
          () ->
              root.output().line(root.output().coloured(Output.Colour.NAME, hash) + " " + message));
    }
    if (outcome instanceof CommitOutcome.Refused refused) {
      throw new FailedException(
          "Tried to change "
              + SafeText.line(refused.path())
              + " but "
              + refused.reason()
              + ". Nothing was committed.");
    }
    return end(
        root,
        Json.object("changed", Json.of(false), "commit", Json.Nil.NULL),
        leftOut,
        () -> root.output().line("Nothing to commit: the store has it all already."));
  }

  private static int end(Gitblobs root, Json.Obj result, List<LeftOut> leftOut, Runnable text) {
    if (leftOut.isEmpty()) {
      return root.done(result, text);
    }
    Map<String, Json> members = new LinkedHashMap<>(result.members());
    members.put("left_out", LeftOut.json(leftOut));
    return root.failed(new Json.Obj(members), text);
  }
}
