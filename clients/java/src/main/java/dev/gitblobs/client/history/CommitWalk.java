package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.store.ObjectStore;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;

/**
 * All commits reachable over all parents, newest first, each once; a commit comes after the child
 * it was found from even where clocks were wrong. Reads as it goes: the first hundred of a long
 * history cost a hundred reads. Commits that are not in the store are left out and named by {@link
 * #missing}.
 */
public final class CommitWalk implements Iterator<Commit> {
  private record Pending(Commit commit, String rank, int found) {}

  private final ObjectStore store;
  private final PriorityQueue<Pending> queue =
      new PriorityQueue<>(
          Comparator.comparing(Pending::rank, Comparator.reverseOrder())
              .thenComparingInt(Pending::found));
  private final Set<Hash> seen = new HashSet<>();
  private final Set<Hash> missing = new TreeSet<>();

  /** Starts at these commits. */
  public CommitWalk(ObjectStore store, Iterable<Hash> starts) {
    this.store = store;
    starts.forEach(start -> enqueue(start, Optional.empty()));
  }

  private void enqueue(Hash hash, Optional<String> childRank) {
    if (!seen.add(hash)) {
      return;
    }
    Optional<Commit> commit =
        store.find(new ObjectId(ObjectType.COMMIT, hash)).map(Commit.class::cast);
    if (commit.isEmpty()) {
      missing.add(hash);
      return;
    }
    String own = commit.get().committer().timestamp();
    String rank = childRank.filter(limit -> limit.compareTo(own) < 0).orElse(own);
    queue.add(new Pending(commit.get(), rank, seen.size()));
  }

  @Override
  public boolean hasNext() {
    return !queue.isEmpty();
  }

  @Override
  public Commit next() {
    Pending next = queue.poll();
    if (next == null) {
      throw new NoSuchElementException();
    }
    next.commit().parents().forEach(parent -> enqueue(parent, Optional.of(next.rank())));
    return next.commit();
  }

  /** Commits met so far that the store does not have. */
  public Set<Hash> missing() {
    return Set.copyOf(missing);
  }
}
