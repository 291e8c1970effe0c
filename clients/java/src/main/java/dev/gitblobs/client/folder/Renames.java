package dev.gitblobs.client.folder;

import dev.gitblobs.client.object.Hash;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds among changes the files that were deleted here and are new there, with the same content.
 */
final class Renames {
  private Renames() {}

  /** The changes, in order, a pair of those told as one. */
  static List<FolderChange> in(List<FolderChange> changes) {
    Map<Hash, Deque<FolderChange>> deleted = new HashMap<>();
    for (FolderChange change : changes) {
      if (change.before() != null && change.after() == null) {
        deleted.computeIfAbsent(change.before(), hash -> new ArrayDeque<>()).add(change);
      }
    }
    List<FolderChange> told = new ArrayList<>();
    Set<FolderChange> paired = new HashSet<>();
    for (FolderChange change : changes) {
      Deque<FolderChange> same =
          change.before() == null && change.after() != null
              ? deleted.getOrDefault(change.after(), new ArrayDeque<>())
              : new ArrayDeque<>();
      FolderChange old = same.poll();
      if (old == null) {
        told.add(change);
      } else {
        paired.add(old);
        told.add(
            new FolderChange(
                FolderChange.Kind.RENAMED,
                change.path(),
                old.path(),
                change.after(),
                change.after(),
                change.isContested() || old.isContested()));
      }
    }
    told.removeIf(paired::contains);
    return List.copyOf(told);
  }
}
