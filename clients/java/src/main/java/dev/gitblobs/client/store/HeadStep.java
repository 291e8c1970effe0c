package dev.gitblobs.client.store;

import dev.gitblobs.client.object.Hash;
import org.jspecify.annotations.Nullable;

/**
 * One move of the head.
 *
 * @param before where it stood; null when there was no commit
 * @param after where it stands since
 * @param kind what moved it, such as {@code commit} or {@code merge}
 */
public record HeadStep(@Nullable Hash before, Hash after, String kind) {
  /** Taking back the step before it. */
  public static final String UNDO = "undo";
}
