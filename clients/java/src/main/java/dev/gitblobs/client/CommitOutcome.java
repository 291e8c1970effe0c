package dev.gitblobs.client;

import dev.gitblobs.client.object.Commit;

/** How a commit of edits ends. */
public sealed interface CommitOutcome {
  /** The head is this commit now. */
  record Committed(Commit commit) implements CommitOutcome {}

  /** The files are as they were; no commit was made. */
  record Unchanged() implements CommitOutcome {}

  /**
   * An edit cannot be made; nothing changed.
   *
   * @param reason for people
   */
  record Refused(String path, String reason) implements CommitOutcome {}
}
