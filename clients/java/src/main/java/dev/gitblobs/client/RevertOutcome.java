package dev.gitblobs.client;

import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.object.Commit;
import java.util.List;

/** How taking back one commit ends. */
public sealed interface RevertOutcome {
  /** This commit takes it back; it is the head now. */
  record Reverted(Commit commit) implements RevertOutcome {}

  /** The head has nothing of that commit any more; nothing changed. */
  record Unchanged() implements RevertOutcome {}

  /**
   * Later commits changed the same; nothing changed. Of each file ours is the head's, theirs the
   * one before the commit, and the base the commit's own.
   */
  record Conflicted(List<Conflict> conflicts) implements RevertOutcome {}
}
