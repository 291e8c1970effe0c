package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.ObjectStore;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of one file, newest first: the commits that have another version of it than all their
 * parents. Follows no renames. Reads as it goes.
 */
public final class FileHistory implements Iterator<FileHistory.Version> {
  /**
   * A version of the file.
   *
   * @param entry null where the commit deleted it
   */
  public record Version(Commit commit, @Nullable TreeEntry entry) {}

  private final ObjectStore store;
  private final CommitWalk walk;
  private final String path;
  private @Nullable Version next;

  /** The history of this file from a commit down. */
  public FileHistory(ObjectStore store, Iterable<Hash> starts, String path) {
    this.store = store;
    this.walk = new CommitWalk(store, starts);
    this.path = path;
  }

  @Override
  public boolean hasNext() {
    while (next == null && walk.hasNext()) {
      Commit commit = walk.next();
      TreeEntry entry = entryIn(commit);
      if (isChange(commit, entry)) {
        next = new Version(commit, entry);
      }
    }
    return next != null;
  }

  @Override
  public Version next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    Version found = next;
    next = null;
    return found;
  }

  /** Against every parent that the store has; a first commit changes what it has. */
  private boolean isChange(Commit commit, @Nullable TreeEntry entry) {
    boolean isFirst = true;
    for (Hash hash : commit.parents()) {
      Optional<Commit> parent =
          store.find(new ObjectId(ObjectType.COMMIT, hash)).map(Commit.class::cast);
      if (parent.isPresent()) {
        isFirst = false;
        if (TreeMerge.same(entry, entryIn(parent.get()))) {
          return false;
        }
      }
    }
    return !isFirst || entry != null;
  }

  private @Nullable TreeEntry entryIn(Commit commit) {
    return store.tree(commit.tree()).entries().get(path);
  }
}
