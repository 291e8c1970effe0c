package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Hash;

/** How an import ends. In every case the pack's objects are in the store. */
public sealed interface ImportOutcome {
  /** The head is the pack's now; it had nothing of its own, or was to be replaced. */
  record HeadMoved(Hash head) implements ImportOutcome {}

  /** The head already contained the pack's. */
  record UpToDate(Hash head) implements ImportOutcome {}

  /** Both have commits of their own; the head did not move. Merge {@code theirs} to go on. */
  record Diverged(Hash ours, Hash theirs) implements ImportOutcome {}
}
