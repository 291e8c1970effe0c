package dev.gitblobs.client.folder;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What stands at a place of a folder; a link is a link, wherever it leads. */
record Standing(Kind kind, Stamp stamp) {
  enum Kind {
    FILE,
    DIRECTORY,
    LINK,
    OTHER
  }

  /**
   * By what an unchanged file is known again without reading it, as git's index does.
   *
   * @param modified nanoseconds since 1970
   * @param changed the same, of the last change of anything about the file; 0 where the system has
   *     no such time
   * @param inode 0 where the system has no such number
   */
  record Stamp(long bytes, long modified, long changed, long inode) {
    /** The coarsest file times there are, those of FAT. */
    private static final long COARSE = TimeUnit.SECONDS.toNanos(2);

    /**
     * Whether a change from now on would give another stamp. Within the grain of file times it
     * would not; then, or when the clock is wrong, the content has to be looked at again.
     */
    boolean isSettled(Instant now) {
      long latest = Math.max(modified, changed);
      long nanos = FileTime.from(now).to(TimeUnit.NANOSECONDS);
      return latest < nanos && nanos - latest > COARSE;
    }
  }

  private static final boolean IS_UNIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  private static final String ATTRIBUTES =
      "size,lastModifiedTime,isRegularFile,isDirectory,isSymbolicLink";

  /** Looks. Throws {@link java.nio.file.NoSuchFileException} where nothing is. */
  static Standing at(Path place) throws IOException {
    Map<String, Object> found =
        Files.readAttributes(
            place,
            IS_UNIX ? "unix:ctime,ino," + ATTRIBUTES : "basic:" + ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
    return new Standing(
        kind(found),
        new Stamp(
            number(found.get("size")),
            number(found.get("lastModifiedTime")),
            number(found.get("ctime")),
            number(found.get("ino"))));
  }

  private static Kind kind(Map<String, Object> found) {
    if (Boolean.TRUE.equals(found.get("isRegularFile"))) {
      return Kind.FILE;
    }
    if (Boolean.TRUE.equals(found.get("isDirectory"))) {
      return Kind.DIRECTORY;
    }
    return Boolean.TRUE.equals(found.get("isSymbolicLink")) ? Kind.LINK : Kind.OTHER;
  }

  private static long number(@Nullable Object value) {
    if (value instanceof FileTime time) {
      return time.to(TimeUnit.NANOSECONDS);
    }
    return value instanceof Number number ? number.longValue() : 0;
  }

  boolean isFile() {
    return kind == Kind.FILE;
  }

  boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }
}
