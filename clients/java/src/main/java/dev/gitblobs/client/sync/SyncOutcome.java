package dev.gitblobs.client.sync;

import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.history.MergeOutcome;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How an exchange with the relay ends. No local commit is ever lost by any of them. */
public sealed interface SyncOutcome {
  /**
   * Both sides are where they were asked to be.
   *
   * @param head the local head; null when neither side has a commit
   * @param merge what became of the relay's commits; null when there was nothing to take
   * @param objectsReceived how many objects arrived
   * @param objectsSent how many objects were sent
   * @param isPushed whether the relay's ref moved
   * @param open files that are left to be decided; everything else has travelled
   */
  record Done(
      @Nullable Hash head,
      @Nullable MergeOutcome merge,
      long objectsReceived,
      long objectsSent,
      boolean isPushed,
      List<Conflict> open)
      implements SyncOutcome {}

  /**
   * The histories have nothing in common, or a file collides that an earlier merge left open: the
   * relay's commits are in the store, the head did not move. Merge {@code theirs} and sync again.
   */
  record NeedsMerge(Hash theirs, MergeOutcome merge) implements SyncOutcome {}

  /** The relay has commits that are not here and taking them was not asked for. Pull first. */
  record Behind(Hash theirs) implements SyncOutcome {}

  /** Objects of the relay's head have expired there and no connected device has them. */
  record Gone(Hash theirs, Set<ObjectId> objects) implements SyncOutcome {}

  /**
   * An object of ours cannot be pushed.
   *
   * @param path the name of the file that it is the content of; null when it is of none
   */
  record Unfit(ObjectId object, @Nullable String path, String reason) implements SyncOutcome {}
}
