package dev.gitblobs.client.folder;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where files of a store are in a folder. */
public final class FolderPlace {
  private FolderPlace() {}

  /**
   * The place of a file of this name; empty for names that lead elsewhere, or that no file of this
   * system can have.
   */
  public static Optional<Path> of(Path folder, String name) {
    try {
      Path given = Path.of(name);
      Path file = folder.resolve(given).normalize();
      boolean isPlain = !given.isAbsolute() && given.equals(given.normalize()) && !name.isEmpty();
      // A name with slashes at odd places is another name as a path: two could become one file.
      boolean isItself = isPlain && given.toString().replace(separator(given), "/").equals(name);
      return isItself && file.startsWith(folder) && !file.equals(folder)
          ? Optional.of(file)
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static String separator(Path path) {
    return path.getFileSystem().getSeparator();
  }

  /** The name of what stands there, with slashes. */
  static String name(Path folder, Path place) {
    return folder.relativize(place).toString().replace(separator(place), "/");
  }
}
