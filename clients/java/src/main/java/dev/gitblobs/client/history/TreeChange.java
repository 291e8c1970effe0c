package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One file that differs between two trees. A rename is a removal and an addition: renames are not
 * guessed.
 *
 * @param before null when it was added
 * @param after null when it was removed
 */
public record TreeChange(String path, @Nullable TreeEntry before, @Nullable TreeEntry after) {
  /** What happened to a file. */
  public enum Kind {
    /** It is new. */
    ADDED,
    /** Its content or metadata is another. */
    MODIFIED,
    /** It is gone. */
    REMOVED
  }

  /** What happened to the file. */
  public Kind kind() {
    if (before == null) {
      return Kind.ADDED;
    }
    return after == null ? Kind.REMOVED : Kind.MODIFIED;
  }

  /** All files that differ, in the order of the trees. */
  public static List<TreeChange> between(Tree from, Tree to) {
    Set<String> paths = new LinkedHashSet<>(from.entries().keySet());
    paths.addAll(to.entries().keySet());
    List<TreeChange> changes = new ArrayList<>();
    for (String path : paths) {
      TreeEntry before = from.entries().get(path);
      TreeEntry after = to.entries().get(path);
      if (before == null || after == null || !before.sameFile(after)) {
        changes.add(new TreeChange(path, before, after));
      }
    }
    return List.copyOf(changes);
  }
}
