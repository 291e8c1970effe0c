package dev.gitblobs.client;

import dev.gitblobs.client.history.Ancestry;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.FileHistory;
import dev.gitblobs.client.history.MergedFiles;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.client.store.HeadStep;
import dev.gitblobs.client.store.StoreWriter;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What takes steps, commits and changes of files back; the repository's own part for that. */
final class WayBack {
  private final Repository repository;
  private final FileStore store;

  WayBack(Repository repository) {
    this.repository = repository;
    this.store = repository.store();
  }

  UndoOutcome undo(Collection<Hash> pushed) {
    try (StoreWriter writer = store.writer()) {
      Optional<HeadStep> found = UndoneStep.find(store);
      if (found.isEmpty()) {
        return new UndoOutcome.Nothing();
      }
      HeadStep step = found.get();
      Hash before = step.before();
      boolean isHead = store.head().equals(Optional.of(step.after()));
      if (before != null && isHead && pushed.stream().noneMatch(tip -> has(tip, step.after()))) {
        writer.setHead(before, HeadStep.UNDO);
        writer.commit();
        return new UndoOutcome.MovedBack(step, before);
      }
      Tree tree = before == null ? Tree.EMPTY : store.tree(store.commit(before).tree());
      String subject = store.commit(step.after()).message().lines().findFirst().orElse("");
      // Also where the step changed no file: it is taken back all the same, and the next is next.
      String message = "Undo " + step.kind() + ": " + subject;
      return new UndoOutcome.Committed(step, repository.put(writer, tree, message, HeadStep.UNDO));
    }
  }

  private boolean has(Hash tip, Hash commit) {
    return store.contains(new ObjectId(ObjectType.COMMIT, tip))
        && Ancestry.isAncestor(store, commit, tip);
  }

  RevertOutcome revert(Hash commit, ConflictResolver resolver) {
    try (StoreWriter writer = store.writer()) {
      Commit reverted = store.commit(commit);
      Tree before =
          reverted.parents().stream()
              .findFirst()
              .map(parent -> store.tree(store.commit(parent).tree()))
              .orElse(Tree.EMPTY);
      MergedFiles files =
          MergedFiles.of(
              store, writer, store.tree(reverted.tree()), repository.files(), before, resolver);
      if (!files.undecided().isEmpty()) {
        return new RevertOutcome.Conflicted(files.undecided());
      }
      String subject = reverted.message().lines().findFirst().orElse("");
      String message = "Revert \"" + subject + "\"\n\nThis reverts commit " + commit + ".";
      return repository.commit(writer, files.tree(), message, "revert")
              instanceof CommitOutcome.Committed committed
          ? new RevertOutcome.Reverted(committed.commit())
          : new RevertOutcome.Unchanged();
    }
  }

  CommitOutcome restore(String path, @Nullable Hash from) {
    TreeEntry now = repository.files().entries().get(path);
    TreeEntry then =
        from == null
            ? versionBefore(path, now)
            : store.tree(store.commit(from).tree()).entries().get(path);
    if (then == null) {
      String where =
          from == null ? "no commit has another version of it" : "that commit has it not";
      return new CommitOutcome.Refused(path, where);
    }
    Edit put = new Edit.Put(path, () -> store.blob(then.blob()).toBytes(), then.metadata());
    return repository.commit("restore file: " + path, List.of(put), "restore");
  }

  private @Nullable TreeEntry versionBefore(String path, @Nullable TreeEntry now) {
    FileHistory versions = repository.history(path);
    while (versions.hasNext()) {
      TreeEntry entry = versions.next().entry();
      if (entry != null && (now == null || !entry.sameFile(now))) {
        return entry;
      }
    }
    return null;
  }
}
