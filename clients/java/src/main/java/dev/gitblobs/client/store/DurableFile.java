package dev.gitblobs.client.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;

/** Small files that are replaced whole: a crash leaves the old content or the new, never a part. */
public final class DurableFile {
  private DurableFile() {}

  /**
   * Writes, syncs and renames. Makes the folder where there is none.
   *
   * @param attributes what the new file has from its first moment on
   */
  public static void write(Path file, byte[] content, FileAttribute<?>... attributes)
      throws IOException {
    write(Disk.REAL, file, content, attributes);
  }

  static void write(Disk disk, Path file, byte[] content, FileAttribute<?>... attributes)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " is no file's name");
    }
    disk.createDirectories(folder);
    Path draft = Files.createTempFile(folder, file.getFileName() + ".", ".new", attributes);
    try {
      disk.write(draft, out -> out.write(content));
      disk.sync(draft);
      disk.move(draft, file);
    } finally {
      Files.deleteIfExists(draft);
    }
    disk.sync(folder);
  }
}
