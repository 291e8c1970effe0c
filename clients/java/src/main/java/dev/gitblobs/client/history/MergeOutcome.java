package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import java.util.List;

/**
 * How a merge into the head ends. The store is changed by the first three only where they say so.
 */
public sealed interface MergeOutcome {
  /** The head already contains it; nothing changed. */
  record UpToDate(Hash head) implements MergeOutcome {}

  /** The head had nothing of its own and moved to it. */
  record FastForwarded(Hash from, Hash to) implements MergeOutcome {}

  /**
   * A commit with both as parents is the head now.
   *
   * @param open files that were left to be decided later; the commit has their version of them
   */
  record Merged(Commit commit, List<Conflict> open) implements MergeOutcome {}

  /** Files collide; nothing changed. */
  record Conflicted(Hash ours, Hash theirs, List<Conflict> conflicts) implements MergeOutcome {}

  /** There is no common ancestor and the policy does not allow that; nothing changed. */
  record Unrelated(Hash ours, Hash theirs) implements MergeOutcome {}
}
