package dev.gitblobs.client.history;

import dev.gitblobs.client.object.TreeEntry;
import org.jspecify.annotations.Nullable;

/**
 * A file that both sides changed, each in its own way. Only a person can decide.
 *
 * @param base the common ancestor's file; null when it had none, or the ancestors disagree
 * @param ours null when we deleted it
 * @param theirs null when they deleted it
 * @param device which device their version came from; null where that is not known
 */
public record Conflict(
    String path,
    @Nullable TreeEntry base,
    @Nullable TreeEntry ours,
    @Nullable TreeEntry theirs,
    @Nullable String device) {
  /** One that came from nobody knows where. */
  public Conflict(
      String path, @Nullable TreeEntry base, @Nullable TreeEntry ours, @Nullable TreeEntry theirs) {
    this(path, base, ours, theirs, null);
  }

  /** The same from this device. */
  Conflict from(@Nullable String name) {
    return new Conflict(path, base, ours, theirs, name);
  }

  /** How the two changes collide. */
  public enum Kind {
    /** Both added a file of this name. */
    BOTH_ADDED,
    /** Both edited it. */
    BOTH_EDITED,
    /** We deleted what they edited. */
    DELETED_BY_US,
    /** They deleted what we edited. */
    DELETED_BY_THEM
  }

  /** How the two changes collide. */
  public Kind kind() {
    if (ours == null) {
      return Kind.DELETED_BY_US;
    }
    if (theirs == null) {
      return Kind.DELETED_BY_THEM;
    }
    return base == null ? Kind.BOTH_ADDED : Kind.BOTH_EDITED;
  }
}
