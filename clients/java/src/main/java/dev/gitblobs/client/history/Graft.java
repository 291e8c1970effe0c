package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.client.store.StoreWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives a history that starts with a shallow root a true one, so that it can be pushed: the root
 * becomes a commit without parents under its own hash, and every commit above it is written again
 * on top. Files, authors, dates and messages stay; hashes change.
 *
 * @param newHead the head after the graft
 * @param rewritten old hash to new
 */
public record Graft(Hash newHead, Map<Hash, Hash> rewritten) {
  /** Copies the map. */
  public Graft {
    rewritten = Map.copyOf(rewritten);
  }

  /** Grafts the head's history; empty when there is no shallow root in it. */
  public static Optional<Graft> run(ObjectStore store) {
    try (StoreWriter writer = store.writer()) {
      Optional<Hash> head = store.head();
      if (head.isEmpty()) {
        return Optional.empty();
      }
      Map<Hash, Hash> rewritten = new HashMap<>();
      for (Hash hash : Ancestry.missing(store, head.get(), List.of())) {
        Commit commit = store.commit(hash);
        List<Hash> parents =
            commit.parents().stream().map(old -> rewritten.getOrDefault(old, old)).toList();
        if (commit.isShallowRoot() || !parents.equals(commit.parents())) {
          Commit grafted = commit.withParents(parents);
          writer.put(grafted);
          rewritten.put(hash, grafted.hash());
        }
      }
      Hash newHead = rewritten.get(head.get());
      if (newHead == null) {
        return Optional.empty();
      }
      writer.setHead(newHead, "graft");
      writer.commit();
      return Optional.of(new Graft(newHead, rewritten));
    }
  }
}
