package dev.gitblobs.client.folder;

import dev.gitblobs.client.object.Hash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of the store's head was written into a folder. Files with a local change stay as they are.
 *
 * @param head the commit that it was brought to; null in a store without one
 * @param written names of files that are new or changed by it
 * @param deleted names of files that are gone by it
 * @param skipped what could not be written
 */
public record Brought(
    @Nullable Hash head, List<String> written, List<String> deleted, List<Skipped> skipped) {
  /** Copies the lists. */
  public Brought {
    written = List.copyOf(written);
    deleted = List.copyOf(deleted);
    skipped = List.copyOf(skipped);
  }

  /** Whether the folder is as it was. */
  public boolean isNothing() {
    return written.isEmpty() && deleted.isEmpty();
  }
}
