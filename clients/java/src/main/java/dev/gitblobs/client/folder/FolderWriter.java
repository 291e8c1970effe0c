package dev.gitblobs.client.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes into a folder, file by file and each whole: beside its place first, then renamed onto it,
 * if what stands there is still what was looked at. Safe for use by several threads.
 */
final class FolderWriter {
  /** What has to stand at a place for it to be written or deleted. */
  interface Expectation {
    boolean isMet(Path place) throws IOException;
  }

  private final Path root;
  private final WriteSteps steps;
  private final Set<Path> touched = ConcurrentHashMap.newKeySet();

  FolderWriter(Path root, WriteSteps steps) {
    this.root = root;
    this.steps = steps;
  }

  /** Writes the file; false, and nothing changes, where something else stands there by now. */
  boolean put(Path place, byte[] content, Expectation expected) throws IOException {
    Path draft = Path.of(Reserved.DRAFT + UUID.randomUUID());
    try (OpenDirectory directory = OpenDirectory.above(root, place, true, steps)) {
      boolean isMoved;
      try {
        directory.write(draft, content, permissions(place));
        isMoved = expected.isMet(place);
        if (isMoved) {
          directory.move(draft, place.getFileName());
        }
      } catch (IOException e) {
        try {
          directory.delete(draft);
        } catch (IOException second) {
          e.addSuppressed(second);
        }
        throw e;
      }
      if (!isMoved) {
        directory.delete(draft);
      }
      touched.add(directory.path());
      return isMoved;
    }
  }

  /** Those of the file that gives way: a program stays one, a secret too. */
  private static @Nullable Set<PosixFilePermission> permissions(Path place) throws IOException {
    try {
      return place.getFileSystem().supportedFileAttributeViews().contains("posix")
          ? Files.getPosixFilePermissions(place, LinkOption.NOFOLLOW_LINKS)
          : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Deletes the file and the directories that it leaves empty; false as for {@link #put}. */
  boolean delete(Path place, Expectation expected) throws IOException {
    try (OpenDirectory directory = OpenDirectory.above(root, place, false, steps)) {
      if (!expected.isMet(place)) {
        return false;
      }
      directory.delete(place.getFileName());
      touched.add(directory.path());
    }
    for (Path above = place.getParent(); above != null && !above.equals(root); ) {
      if (!deleteEmpty(above)) {
        break;
      }
      above = above.getParent();
    }
    return true;
  }

  private boolean deleteEmpty(Path directory) throws IOException {
    steps.before();
    try {
      if (!Standing.at(directory).isDirectory()) {
        return false;
      }
      Files.delete(directory);
      touched.remove(directory);
      Optional.ofNullable(directory.getParent()).ifPresent(touched::add);
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
  }

  /** Deletes what a crash left of a file. */
  void deleteDraft(Path draft) throws IOException {
    try (OpenDirectory directory = OpenDirectory.above(root, draft, false, steps)) {
      directory.delete(draft.getFileName());
    }
  }

  /** Makes the names durable that were written and deleted. */
  void sync() throws IOException {
    for (Path directory : touched) {
      steps.before();
      if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
          channel.force(true);
        }
      }
    }
    touched.clear();
  }

  /** Why something failed, for people. */
  static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    String text = failure.getMessage();
    return text == null ? failure.getClass().getSimpleName() : text;
  }
}
