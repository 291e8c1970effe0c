package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * How commits relate, over all parents. Two sets of commits are painted down the history, newest
 * first, until everything still waiting carries both colours; so the cost is that of the part in
 * which they differ, as long as clocks were roughly right.
 */
public final class Ancestry {
  private static final int LEFT = 1;
  private static final int RIGHT = 2;
  private static final int BOTH = LEFT | RIGHT;

  /** Reachable from a common ancestor: nothing more is to be learnt below. */
  private static final int STALE = 4;

  private final ObjectStore store;
  private final Map<Hash, Integer> colours = new HashMap<>();
  private final Map<Hash, Optional<Commit>> commits = new HashMap<>();

  /** Hashes of commits in the store's history, newest timestamps first. */
  private final PriorityQueue<Hash> queue =
      new PriorityQueue<>(
          (a, b) -> {
            int newestFirst = timestamp(b).compareTo(timestamp(a));
            return newestFirst != 0 ? newestFirst : a.compareTo(b);
          });

  private Ancestry(ObjectStore store) {
    this.store = store;
  }

  /**
   * The best common ancestors: those not reachable from another one. None when the histories are
   * unrelated, several after criss-cross merges.
   */
  public static List<Hash> mergeBases(ObjectStore store, Hash left, Hash right) {
    Ancestry ancestry = new Ancestry(store);
    Set<Hash> common = ancestry.paint(List.of(left), List.of(right));
    List<Hash> bases = new ArrayList<>();
    for (Hash hash : common) {
      boolean reachable =
          common.stream().anyMatch(o -> !o.equals(hash) && ancestry.reaches(o, hash));
      if (!reachable) {
        bases.add(hash);
      }
    }
    return List.copyOf(bases);
  }

  /** Whether {@code ancestor} is {@code commit} or reachable from it. */
  public static boolean isAncestor(ObjectStore store, Hash ancestor, Hash commit) {
    return mergeBases(store, ancestor, commit).equals(List.of(ancestor));
  }

  /**
   * The commits reachable from {@code wanted} and from none of {@code known}, parents before
   * children. Commits that the store lacks are taken as known. Never too few; where clocks were
   * wrong it may name some that {@code known} reaches by a detour.
   */
  public static List<Hash> missing(ObjectStore store, Hash wanted, Collection<Hash> known) {
    Ancestry ancestry = new Ancestry(store);
    ancestry.paint(List.of(wanted), known);
    return ancestry.parentsFirst(wanted);
  }

  private Set<Hash> paint(Collection<Hash> left, Collection<Hash> right) {
    left.forEach(hash -> colour(hash, LEFT));
    right.forEach(hash -> colour(hash, RIGHT));
    Set<Hash> common = new LinkedHashSet<>();
    while (queue.stream().anyMatch(hash -> (colourOf(hash) & STALE) == 0)) {
      Hash hash = queue.remove();
      int colour = colourOf(hash);
      if ((colour & BOTH) == BOTH) {
        if ((colour & STALE) == 0) {
          common.add(hash);
        }
        colour |= STALE;
      }
      for (Hash parent : parents(hash)) {
        colour(parent, colour);
      }
    }
    common.removeIf(hash -> (colourOf(hash) & STALE) != 0);
    return common;
  }

  private void colour(Hash hash, int colour) {
    int before = colourOf(hash);
    if ((before | colour) != before && commit(hash).isPresent()) {
      colours.put(hash, before | colour);
      queue.add(hash);
    }
  }

  private int colourOf(Hash hash) {
    return colours.getOrDefault(hash, 0);
  }

  private boolean reaches(Hash from, Hash to) {
    CommitWalk walk = new CommitWalk(store, List.of(from));
    while (walk.hasNext()) {
      if (walk.next().hash().equals(to)) {
        return true;
      }
    }
    return false;
  }

  /** The commits painted left alone, in an order in which every commit follows its parents. */
  private List<Hash> parentsFirst(Hash tip) {
    Set<Hash> ordered = new LinkedHashSet<>();
    Deque<Hash> stack = new ArrayDeque<>(List.of(tip));
    while (!stack.isEmpty()) {
      Hash hash = stack.peek();
      List<Hash> waiting =
          parents(hash).stream()
              .filter(parent -> colourOf(parent) == LEFT && !ordered.contains(parent))
              .toList();
      if (colourOf(hash) != LEFT || waiting.isEmpty()) {
        stack.pop();
        if (colourOf(hash) == LEFT) {
          ordered.add(hash);
        }
      } else {
        stack.push(waiting.get(0));
      }
    }
    return List.copyOf(ordered);
  }

  private List<Hash> parents(Hash hash) {
    return commit(hash).map(Commit::parents).orElse(List.of());
  }

  private String timestamp(Hash hash) {
    return commit(hash).map(commit -> commit.committer().timestamp()).orElse("");
  }

  private Optional<Commit> commit(Hash hash) {
    return commits.computeIfAbsent(
        hash, key -> store.find(new ObjectId(ObjectType.COMMIT, key)).map(Commit.class::cast));
  }
}
