package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.ObjectStore;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a receiver with some commits lacks of another commit's history.
 *
 * @param commits parents before children
 * @param objects in an order in which everything follows what it refers to
 */
public record MissingSet(List<Hash> commits, List<ObjectId> objects) {
  /** Copies both. */
  public MissingSet {
    commits = List.copyOf(commits);
    objects = List.copyOf(objects);
  }

  /**
   * Everything reachable from {@code wanted} and not from {@code known}; {@code known} commits that
   * the store lacks count for nothing. Leaves out files that the receiver has in the known commits
   * next to the missing ones; others that it may have are found by asking it.
   */
  public static MissingSet of(ObjectStore store, Hash wanted, Collection<Hash> known) {
    List<Hash> commits = Ancestry.missing(store, wanted, known);
    Set<ObjectId> there = new HashSet<>();
    Set<Hash> missing = new HashSet<>(commits);
    Set<Hash> edge = new LinkedHashSet<>(known);
    commits.forEach(hash -> edge.addAll(store.commit(hash).parents()));
    for (Hash hash : edge) {
      ObjectId id = new ObjectId(ObjectType.COMMIT, hash);
      if (!missing.contains(hash) && store.contains(id)) {
        addFiles(store.tree(store.commit(hash).tree()), there);
      }
    }
    Set<ObjectId> objects = new LinkedHashSet<>();
    for (Hash hash : commits) {
      Commit commit = store.commit(hash);
      addFiles(store.tree(commit.tree()), objects);
      objects.add(commit.id());
    }
    objects.removeAll(there);
    return new MissingSet(commits, List.copyOf(objects));
  }

  private static void addFiles(Tree tree, Set<ObjectId> objects) {
    if (objects.contains(tree.id())) {
      return;
    }
    for (TreeEntry entry : tree.entries().values()) {
      objects.add(new ObjectId(ObjectType.BLOB, entry.blob()));
      if (entry.metadata() != null) {
        objects.add(new ObjectId(ObjectType.METADATA, entry.metadata()));
      }
    }
    objects.add(tree.id());
  }
}
