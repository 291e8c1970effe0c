package dev.gitblobs.client.folder;

import dev.gitblobs.client.object.Hash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of a folder that is other than what the store has.
 *
 * @param from the name that it had; null where it was not renamed
 * @param before what the store has; null when the file is new
 * @param after what the folder has; null when the file was deleted
 * @param isContested whether the store's head has got another version meanwhile: a commit merges
 *     the two, or asks
 */
public record FolderChange(
    Kind kind,
    String path,
    @Nullable String from,
    @Nullable Hash before,
    @Nullable Hash after,
    boolean isContested) {
  /** What happened to a file. */
  public enum Kind {
    /** It is new. */
    NEW,
    /** Its content is another. */
    CHANGED,
    /** It is gone. */
    DELETED,
    /** It is a deleted one under another name. */
    RENAMED
  }

  /** What a commit of these changes says where nobody says more. */
  public static String summary(List<FolderChange> changes) {
    if (changes.size() != 1) {
      return "update " + changes.size() + " files";
    }
    FolderChange change = changes.get(0);
    return switch (change.kind()) {
      case NEW -> "add file: " + change.path();
      case CHANGED -> "update file: " + change.path();
      case DELETED -> "delete file: " + change.path();
      case RENAMED -> "rename file: " + change.from() + " to " + change.path();
    };
  }
}
