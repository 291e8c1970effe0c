package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.client.store.StoreWriter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Takes files out of commits that nobody else has yet, as if they had never been added: the way out
 * for a file that the relay does not take. Every commit from the first that has such a file on is
 * written again, with its author, dates and message; the old ones stay in the store.
 *
 * @param newHead the head after it
 * @param rewritten old hash to new
 */
public record Omission(Hash newHead, Map<Hash, Hash> rewritten) {
  /** Copies the map. */
  public Omission {
    rewritten = Map.copyOf(rewritten);
  }

  /**
   * Leaves files out of the head's history; empty when no commit has such a file.
   *
   * @param kept commits that others have: they and their ancestors stay as they are
   * @param isUnwanted whether the file of this name with this content goes
   */
  public static Optional<Omission> run(
      ObjectStore store, Collection<Hash> kept, BiPredicate<String, TreeEntry> isUnwanted) {
    try (StoreWriter writer = store.writer()) {
      Optional<Hash> head = store.head();
      if (head.isEmpty()) {
        return Optional.empty();
      }
      Map<Hash, Hash> rewritten = new HashMap<>();
      for (Hash hash : Ancestry.missing(store, head.get(), kept)) {
        Commit commit = store.commit(hash);
        List<Hash> parents =
            commit.parents().stream().map(old -> rewritten.getOrDefault(old, old)).toList();
        Tree tree = without(store.tree(commit.tree()), isUnwanted);
        if (!tree.hash().equals(commit.tree()) || !parents.equals(commit.parents())) {
          Commit changed = commit.with(tree.hash(), parents);
          writer.put(tree);
          writer.put(changed);
          rewritten.put(hash, changed.hash());
        }
      }
      Hash newHead = rewritten.get(head.get());
      if (newHead == null) {
        return Optional.empty();
      }
      writer.setHead(newHead, "leave-out");
      writer.commit();
      return Optional.of(new Omission(newHead, rewritten));
    }
  }

  private static Tree without(Tree tree, BiPredicate<String, TreeEntry> isUnwanted) {
    Map<String, TreeEntry> entries = tree.toMap();
    boolean isChanged = entries.entrySet().removeIf(e -> isUnwanted.test(e.getKey(), e.getValue()));
    return isChanged ? Tree.of(entries) : tree;
  }
}
