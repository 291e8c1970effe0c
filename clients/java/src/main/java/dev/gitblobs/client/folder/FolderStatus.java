package dev.gitblobs.client.folder;

import java.util.List;

/**
 * How a folder stands beside its store.
 *
 * @param files how many files the store's head has
 * @param changes what a commit would record
 * @param toCome names of files that the head has got others of, and the folder has not yet
 * @param skipped what cannot be stored
 */
public record FolderStatus(
    int files, List<FolderChange> changes, List<String> toCome, List<Skipped> skipped) {
  /** Copies the lists. */
  public FolderStatus {
    changes = List.copyOf(changes);
    toCome = List.copyOf(toCome);
    skipped = List.copyOf(skipped);
  }
}
