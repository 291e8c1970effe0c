package dev.gitblobs.client.folder;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.history.Conflict;
import java.util.List;

/**
 * What came of a commit of a folder. All that could be done is done.
 *
 * @param outcome never refused: what cannot be stored is skipped
 * @param changes what was there to record
 * @param conflicts changes that are not recorded, because the head has got other versions of the
 *     same lines: the folder keeps ours, the head theirs, until somebody decides
 * @param brought what the head had got meanwhile
 * @param skipped what cannot be stored
 */
public record FolderCommit(
    CommitOutcome outcome,
    List<FolderChange> changes,
    List<Conflict> conflicts,
    Brought brought,
    List<Skipped> skipped) {
  /** Copies the lists. */
  public FolderCommit {
    changes = List.copyOf(changes);
    conflicts = List.copyOf(conflicts);
    skipped = List.copyOf(skipped);
  }

  /** Whether anything was left undone. */
  public boolean isWhole() {
    return conflicts.isEmpty() && skipped.isEmpty() && brought.skipped().isEmpty();
  }
}
