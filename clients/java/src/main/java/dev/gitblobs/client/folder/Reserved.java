package dev.gitblobs.client.folder;

import dev.gitblobs.client.store.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Places of a folder that are never files of it, whoever names them: {@code .git}, where an arrival
 * could make git run something; the store itself; and files that are being written.
 *
 * @param own names of what the store is made of, where it lies in the folder
 */
record Reserved(Set<String> own) {
  /** How files begin that are not whole yet. */
  static final String DRAFT = ".gitblobs-draft-";

  Reserved {
    own = own.stream().map(Reserved::folded).collect(Collectors.toUnmodifiableSet());
  }

  static Reserved of(Path folder, Path store) throws IOException {
    Path real = Files.exists(store) ? store.toRealPath() : store.toAbsolutePath();
    if (real.equals(folder)) {
      return new Reserved(FileStore.ownNames());
    }
    return new Reserved(
        real.startsWith(folder) ? Set.of(FolderPlace.name(folder, real)) : Set.of());
  }

  /** Whether it is such a place, where nothing above it is one. */
  boolean holds(String path) {
    return isOfGit(path.substring(path.lastIndexOf('/') + 1)) || isOwn(path);
  }

  /** What such a place is, for people; empty for all others. */
  Optional<String> reason(String path) {
    int end = -1;
    do {
      int begin = end + 1;
      int slash = path.indexOf('/', begin);
      end = slash < 0 ? path.length() : slash;
      String part = path.substring(begin, end);
      if (isOfGit(part)) {
        return Optional.of("what is called .git belongs to git, and is not written");
      }
      if (part.startsWith(DRAFT)) {
        return Optional.of("names that begin so are those of files that are not whole yet");
      }
      if (isOwn(path.substring(0, end))) {
        return Optional.of("it would be a part of the store itself");
      }
    } while (end < path.length());
    return Optional.empty();
  }

  private static boolean isOfGit(String name) {
    String folded = folded(name);
    return folded.equals(".git") || folded.equals("git~1");
  }

  private boolean isOwn(String path) {
    return !own.isEmpty() && own.contains(folded(path));
  }

  /** As systems see it that know no case, no unseen characters, and no dots at the end. */
  private static String folded(String name) {
    StringBuilder seen = new StringBuilder(name);
    if (!FolderScan.isAscii(name)) {
      seen.setLength(0);
      name.codePoints()
          .filter(c -> Character.getType(c) != Character.FORMAT)
          .forEach(seen::appendCodePoint);
    }
    int end = seen.length();
    while (end > 0 && (seen.charAt(end - 1) == '.' || seen.charAt(end - 1) == ' ')) {
      end--;
    }
    return seen.substring(0, end).toLowerCase(Locale.ROOT);
  }
}
