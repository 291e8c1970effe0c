package dev.gitblobs.client;

import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.FilePath;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.StoreWriter;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A tree under edit: a new path goes to the end, a replaced one keeps its place (FORMAT.md 5.1).
 */
final class EditedTree {
  private final Map<String, TreeEntry> entries;
  private final StoreWriter writer;

  /** The names, sorted when the first new one comes, to find one that sorts as the same. */
  private @Nullable NavigableSet<String> names;

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
      return remove(remove.path()) == null ? noSuchFile(remove.path()) : Optional.empty();
    }
    if (edit instanceof Edit.Move move) {
      return refusal(move.to()).or(() -> move(move));
    }
    throw new AssertionError(edit);
  }

  private Optional<CommitOutcome.Refused> put(Edit.Put put) {
    Blob blob = Blob.of(put.content().get());
    writer.put(blob);
    put(put.path(), TreeEntry.of(blob.hash(), put.metadata()));
    return Optional.empty();
  }

  private Optional<CommitOutcome.Refused> move(Edit.Move move) {
    if (entries.containsKey(move.to())) {
      return Optional.of(
          new CommitOutcome.Refused(move.to(), "there is a file of this name already"));
    }
    TreeEntry entry = remove(move.from());
    if (entry == null) {
      return noSuchFile(move.from());
    }
    put(move.to(), entry);
    return Optional.empty();
  }

  private void put(String path, TreeEntry entry) {
    if (entries.put(path, entry) == null && names != null) {
      names.add(path);
    }
  }

  private @Nullable TreeEntry remove(String path) {
    if (names != null) {
      names.remove(path);
    }
    return entries.remove(path);
  }

  private Optional<CommitOutcome.Refused> refusal(String path) {
    if (entries.containsKey(path)) {
      return Optional.empty();
    }
    if (names == null) {
      names = new TreeSet<>(FilePath.ORDER);
      names.addAll(entries.keySet());
    }
    return FilePath.refusal(path, names).map(reason -> new CommitOutcome.Refused(path, reason));
  }

  private static Optional<CommitOutcome.Refused> noSuchFile(String path) {
    return Optional.of(new CommitOutcome.Refused(path, "there is no such file"));
  }

  Map<String, TreeEntry> entries() {
    return entries;
  }
}
