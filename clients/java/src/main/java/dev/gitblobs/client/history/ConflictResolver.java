package dev.gitblobs.client.history;

import dev.gitblobs.client.object.TreeEntry;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides conflicts: what lines did not decide. */
@FunctionalInterface
public interface ConflictResolver {
  /** A decision, or none. */
  sealed interface Resolution {}

  /**
   * This is the file.
   *
   * @param entry null to delete it
   */
  record Take(@Nullable TreeEntry entry) implements Resolution {}

  /** Both are files: ours keeps the name, theirs gets one that tells where it came from. */
  record KeepBoth() implements Resolution {}

  /** Not decided; the merge ends with this conflict. */
  record Undecided() implements Resolution {}

  /** What becomes of the file. */
  Resolution resolve(Conflict conflict);

  /**
   * Told which files are in conflict, perhaps none, before anything changes. What it throws ends
   * the merge, and the store is as it was.
   */
  default void begin(Set<String> paths) {}

  /** Decides nothing. */
  ConflictResolver NONE = conflict -> new Undecided();

  /** Takes our side of every conflict. */
  ConflictResolver OURS = conflict -> new Take(conflict.ours());

  /** Takes their side of every conflict. */
  ConflictResolver THEIRS = conflict -> new Take(conflict.theirs());
}
