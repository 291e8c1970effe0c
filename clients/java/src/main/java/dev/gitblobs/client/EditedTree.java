package dev.gitblobs.client;

import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.FilePath;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.StoreWriter;
import java.util.Map;
import java.util.Optional;

/**
 * A tree under edit: a new path goes to the end, a replaced one keeps its place (FORMAT.md 5.1).
 */
final class EditedTree {
  private final Map<String, TreeEntry> entries;
  private final StoreWriter writer;

  EditedTree(Tree before, StoreWriter writer) {
    this.entries = before.toMap();
    this.writer = writer;
  }

  /** Makes the edit, or says why it cannot be made. */
  Optional<CommitOutcome.Refused> apply(Edit edit) {
    if (edit instanceof Edit.Put put) {
      return refusal(put.path()).or(() -> put(put));
    }
    if (edit instanceof Edit.Remove remove) {
      return entries.remove(remove.path()) == null ? noSuchFile(remove.path()) : Optional.empty();
    }
    if (edit instanceof Edit.Move move) {
      return refusal(move.to()).or(() -> move(move));
    }
    throw new AssertionError(edit);
  }

  private Optional<CommitOutcome.Refused> put(Edit.Put put) {
    Blob blob = Blob.of(put.content().get());
    writer.put(blob);
    entries.put(put.path(), TreeEntry.of(blob.hash(), put.metadata()));
    return Optional.empty();
  }

  private Optional<CommitOutcome.Refused> move(Edit.Move move) {
    if (entries.containsKey(move.to())) {
      return Optional.of(
          new CommitOutcome.Refused(move.to(), "there is a file of this name already"));
    }
    TreeEntry entry = entries.remove(move.from());
    if (entry == null) {
      return noSuchFile(move.from());
    }
    entries.put(move.to(), entry);
    return Optional.empty();
  }

  private Optional<CommitOutcome.Refused> refusal(String path) {
    if (entries.containsKey(path)) {
      return Optional.empty();
    }
    return FilePath.refusal(path, entries.keySet())
        .map(reason -> new CommitOutcome.Refused(path, reason));
  }

  private static Optional<CommitOutcome.Refused> noSuchFile(String path) {
    return Optional.of(new CommitOutcome.Refused(path, "there is no such file"));
  }

  Map<String, TreeEntry> entries() {
    return entries;
  }
}
