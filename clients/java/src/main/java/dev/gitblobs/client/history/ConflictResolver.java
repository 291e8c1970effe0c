package dev.gitblobs.client.history;

import dev.gitblobs.client.object.TreeEntry;
import org.jspecify.annotations.Nullable;

/** Decides conflicts. */
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

  /** Not decided; the merge ends with this conflict. */
  record Undecided() implements Resolution {}

  /** What becomes of the file. */
  Resolution resolve(Conflict conflict);

  /** Decides nothing. */
  ConflictResolver NONE = conflict -> new Undecided();

  /** Takes our side of every conflict. */
  ConflictResolver OURS = conflict -> new Take(conflict.ours());

  /** Takes their side of every conflict. */
  ConflictResolver THEIRS = conflict -> new Take(conflict.theirs());
}
