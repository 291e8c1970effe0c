package dev.gitblobs.client.folder;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.folder.Standing.Stamp;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One look at all of a folder: which files there are, without reading them. Links are not followed,
 * and what is no file is told. What stands where it cannot be seen hides what the store knows of
 * that place: it is not taken for deleted.
 */
final class FolderScan {
  /** What Java decodes bytes to that are no text in the system's locale. */
  private static final char LOST = '\ufffd';

  /** A directory; its rules are read when the first file comes that the store has not. */
  private static final class Inside {
    private final @Nullable Inside outer;
    private final Path place;
    private final String prefix;
    private @Nullable Boolean isIgnored;
    private @Nullable IgnoreRules rules;

    Inside(@Nullable Inside outer, Path place, String prefix) {
      this.outer = outer;
      this.place = place;
      this.prefix = prefix;
    }

    boolean isIgnored() throws IOException {
      if (isIgnored == null) {
        isIgnored = outer != null && outer.ignores(prefix.substring(0, prefix.length() - 1), true);
      }
      return isIgnored;
    }

    boolean ignores(String path, boolean isDirectory) throws IOException {
      if (isIgnored()) {
        return true;
      }
      return rules().ignore(path, isDirectory);
    }

    private IgnoreRules rules() throws IOException {
      if (rules == null) {
        IgnoreRules above = outer == null ? IgnoreRules.DEFAULTS : outer.rules();
        rules = above.in(place, prefix);
      }
      return rules;
    }
  }

  private final Reserved reserved;
  private final Set<String> tracked;
  private final Set<String> trackedDirectories = new HashSet<>();

  private final Deque<Inside> open = new ArrayDeque<>();
  private final SortedMap<String, Stamp> files = new TreeMap<>();
  private final List<Skipped> skipped = new ArrayList<>();
  private final Set<String> hidden = new HashSet<>();
  private final List<String> drafts = new ArrayList<>();
  private final List<Path> directories = new ArrayList<>();

  /**
   * Looks at a folder.
   *
   * @param tracked files that the store has: no rule leaves them out
   */
  FolderScan(Path root, Reserved reserved, Set<String> tracked) {
    this.reserved = reserved;
    this.tracked = tracked;
    for (String path : tracked) {
      int end = path.lastIndexOf('/');
      while (end > 0 && trackedDirectories.add(path.substring(0, end))) {
        end = path.lastIndexOf('/', end - 1);
      }
    }
    open.add(new Inside(null, root, ""));
    while (!open.isEmpty()) {
      list(open.removeLast());
    }
  }

  /** The files, each with what it is known by. */
  SortedMap<String, Stamp> files() {
    return files;
  }

  /** What cannot be stored. */
  List<Skipped> skipped() {
    return skipped;
  }

  /** Files that a crash left half written. */
  List<String> drafts() {
    return drafts;
  }

  /** The directories in it that are not ignored. */
  List<Path> directories() {
    return directories;
  }

  /** Whether something stands there, or above it, that cannot be looked through. */
  boolean isHidden(String path) {
    for (int end = path.length();
        end > 0 && !hidden.isEmpty();
        end = path.lastIndexOf('/', end - 1)) {
      if (hidden.contains(path.substring(0, end))) {
        return true;
      }
    }
    return false;
  }

  private void list(Inside inside) {
    directories.add(inside.place);
    try (DirectoryStream<Path> names = Files.newDirectoryStream(inside.place)) {
      for (Path place : names) {
        look(place, inside.prefix + place.getFileName(), inside);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      refuseRoot(inside, e); // gone meanwhile: so are its files, unless another look finds them
    } catch (IOException e) {
      unread(inside, e);
    } catch (DirectoryIteratorException e) {
      unread(inside, new IOException(e.getCause()));
    }
  }

  private void unread(Inside inside, IOException cause) {
    refuseRoot(inside, cause);
    hide(inside.prefix.substring(0, inside.prefix.length() - 1), unreadable(cause));
  }

  /** The folder itself has to be there: nobody has deleted all files when a disk is missing. */
  private static void refuseRoot(Inside inside, IOException cause) {
    if (inside.prefix.isEmpty()) {
      throw new GitBlobsException(
          "Tried to read the folder " + inside.place + " but failed: " + cause, cause);
    }
  }

  private void look(Path place, String path, Inside inside) throws IOException {
    if (path.startsWith(Reserved.DRAFT, path.lastIndexOf('/') + 1)) {
      drafts.add(path);
      return;
    }
    if (reserved.holds(path)) {
      return;
    }
    Standing standing;
    try {
      standing = Standing.at(place);
    } catch (NoSuchFileException e) {
      return; // deleted since the directory was read
    } catch (IOException e) {
      hide(path, unreadable(e));
      return;
    }
    if (standing.isDirectory()) {
      if (trackedDirectories.contains(path) || !inside.ignores(path, true)) {
        open.add(new Inside(inside, place, path + "/"));
      }
    } else if (tracked.contains(path) || !inside.ignores(path, false)) {
      found(place, path, standing);
    }
  }

  private void found(Path place, String path, Standing standing) {
    if (path.indexOf(LOST, path.lastIndexOf('/') + 1) >= 0) {
      skipped.add(new Skipped(path, "its name is not text in this locale; set LC_ALL=C.UTF-8"));
    } else if (standing.isFile()) {
      files.put(composed(place, path, standing), standing.stamp());
    } else if (standing.kind() == Standing.Kind.LINK) {
      hide(path, "it is a link");
    } else {
      hide(path, "it is no file but a pipe, a socket or a device");
    }
  }

  /**
   * The name in normal form C where that names the same file: some systems take both for one, and
   * tell the other.
   */
  private static String composed(Path place, String path, Standing standing) {
    if (isAscii(path) || Normalizer.isNormalized(path, Normalizer.Form.NFC)) {
      return path;
    }
    String name = String.valueOf(place.getFileName());
    try {
      Path same = place.resolveSibling(Normalizer.normalize(name, Normalizer.Form.NFC));
      return Standing.at(same).equals(standing)
          ? Normalizer.normalize(path, Normalizer.Form.NFC)
          : path;
    } catch (IOException e) {
      return path; // they are two for this system
    }
  }

  /** Most names are, and need no tables of characters. */
  static boolean isAscii(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private void hide(String path, String reason) {
    hidden.add(path);
    skipped.add(new Skipped(path, reason));
  }

  private static String unreadable(IOException failure) {
    return "it cannot be read: " + FolderWriter.reason(failure);
  }
}
