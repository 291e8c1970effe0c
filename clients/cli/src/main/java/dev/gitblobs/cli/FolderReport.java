package dev.gitblobs.cli;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.folder.Brought;
import dev.gitblobs.client.folder.FolderChange;
import dev.gitblobs.client.folder.FolderCommit;
import dev.gitblobs.client.folder.Skipped;
import dev.gitblobs.client.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How what happens in a folder is told. */
final class FolderReport {
  private FolderReport() {}

  /** What could not be done, each once. */
  @SafeVarargs
  static List<LeftOut> leftOut(List<Skipped>... skipped) {
    List<LeftOut> all = new ArrayList<>();
    for (List<Skipped> some : skipped) {
      some.forEach(each -> all.add(new LeftOut(each.path(), each.reason())));
    }
    return all.stream().distinct().toList();
  }

  static Json changes(List<FolderChange> changes) {
    return Json.array(
        changes.stream()
            .map(
                change -> {
                  String from = change.from();
                  return Json.object(
                      "path", Json.of(change.path()),
                      "kind", Json.of(JsonForms.name(change.kind())),
                      "from", from == null ? Json.Nil.NULL : Json.of(from),
                      "contested", Json.of(change.isContested()));
                })
            .toList());
  }

  static Json json(Brought brought) {
    return Json.object(
        "written", Json.texts(brought.written()), "deleted", Json.texts(brought.deleted()));
  }

  static Json json(FolderCommit commit) {
    Json hash =
        commit.outcome() instanceof CommitOutcome.Committed committed
            ? Json.of(committed.commit().hash().hex())
            : Json.Nil.NULL;
    return Json.object(
        "changed", Json.of(hash != Json.Nil.NULL),
        "commit", hash,
        "changes", changes(commit.changes()),
        "conflicts", JsonForms.conflicts(commit.conflicts()),
        "brought", json(commit.brought()),
        "left_out", LeftOut.json(leftOut(commit)));
  }

  static List<LeftOut> leftOut(FolderCommit commit) {
    return leftOut(commit.skipped(), commit.brought().skipped());
  }

  /** Ends a command. */
  static int end(Gitblobs root, Json json, boolean isWhole, Runnable text) {
    return isWhole ? root.done(json, text) : root.failed(json, text);
  }

  /** A line for each change. */
  static void print(Gitblobs root, List<FolderChange> changes) {
    Map<FolderChange.Kind, String> words =
        Map.of(
            FolderChange.Kind.NEW, "new      ",
            FolderChange.Kind.CHANGED, "changed  ",
            FolderChange.Kind.DELETED, "deleted  ",
            FolderChange.Kind.RENAMED, "renamed  ");
    for (FolderChange change : changes) {
      String from = change.from();
      root.output()
          .line(
              "  "
                  + words.getOrDefault(change.kind(), "")
                  + (from == null ? "" : SafeText.line(from) + " -> ")
                  + SafeText.line(change.path())
                  + (change.isContested() ? " (the store has got another one meanwhile)" : ""));
    }
  }

  /** What was written and deleted. */
  static void print(Gitblobs root, Brought brought) {
    told(root, "Wrote", brought.written());
    told(root, "Deleted", brought.deleted());
  }

  private static void told(Gitblobs root, String what, List<String> names) {
    if (!names.isEmpty()) {
      root.output()
          .line(
              names.size() == 1
                  ? what + " " + SafeText.line(names.get(0)) + " in the folder."
                  : "%s %,d files in the folder.".formatted(what, names.size()));
    }
  }

  /** What a commit of a folder did and did not. */
  static void print(Gitblobs root, FolderCommit commit) {
    if (commit.outcome() instanceof CommitOutcome.Committed committed) {
      String hash = committed.commit().hash().hex();
      root.output()
          .line(
              root.output().coloured(Output.Colour.NAME, hash)
                  + " "
                  + SafeText.line(committed.commit().message()));
    }
    print(root, commit.brought());
    if (!commit.conflicts().isEmpty()) {
      ConflictReport.print(
          root,
          "Not committed, because the store has got other versions of the same lines:",
          commit.conflicts(),
          "gitblobs commit");
    }
  }
}
