package dev.gitblobs.client.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " is no file's name");
    }
    Files.createDirectories(folder);
    Path draft = Files.createTempFile(folder, file.getFileName() + ".", ".new", attributes);
    try {
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
    Disk.REAL.sync(folder);
  }
}
