package dev.gitblobs.client;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.HeadStep;

/** How taking back the last step ends. What the step made stays in the store in every case. */
public sealed interface UndoOutcome {
  /** The head is where it was before the step, which nobody else has seen. */
  record MovedBack(HeadStep step, Hash head) implements UndoOutcome {}

  /**
   * The files are as they were before the step, by a new commit: others have the step already, and
   * what others have is never rewritten.
   */
  record Committed(HeadStep step, Commit commit) implements UndoOutcome {}

  /** There is no step to take back; nothing changed. */
  record Nothing() implements UndoOutcome {}
}
