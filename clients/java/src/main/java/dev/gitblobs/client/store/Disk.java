package dev.gitblobs.client.store;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The steps by which a store changes on disk; tests make each of them fail in turn. */
interface Disk {
  /** Writes a file's content. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Makes the directory and those above it. */
  void createDirectories(Path directory) throws IOException;

  /** Writes a file, new or not; not durable before {@link #sync}. */
  void write(Path file, Content content) throws IOException;

  /** Adds to the end of a file, new or not, so that it survives a loss of power. */
  void append(Path file, byte[] bytes) throws IOException;

  /** Makes a file's content, or a directory's names, survive a loss of power. */
  void sync(Path file) throws IOException;

  /** Renames a file, replacing the target, in one step. */
  void move(Path from, Path to) throws IOException;

  /** Deletes a file if it is there. */
  void delete(Path file) throws IOException;

  /** The disk itself. */
  Disk REAL =
      new Disk() {
        private static final int BUFFER = 1 << 16;

        @Override
        public void createDirectories(Path directory) throws IOException {
          Files.createDirectories(directory);
        }

        @Override
        public void write(Path file, Content content) throws IOException {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
            content.writeTo(out);
          }
        }

        @Override
        public void append(Path file, byte[] bytes) throws IOException {
          boolean isNew = !Files.exists(file);
          try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
              channel.write(rest);
            }
            channel.force(true);
          }
          Path folder = file.getParent();
          if (isNew && folder != null) {
            sync(folder);
          }
        }

        @Override
        public void sync(Path file) throws IOException {
          boolean isFolder = Files.isDirectory(file);
          if (isFolder && !file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return; // Windows opens no folder as a file, and NTFS keeps a journal of the names
          }
          StandardOpenOption mode = isFolder ? StandardOpenOption.READ : StandardOpenOption.WRITE;
          try (FileChannel channel = FileChannel.open(file, mode)) {
            channel.force(true);
          }
        }

        @Override
        public void move(Path from, Path to) throws IOException {
          Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void delete(Path file) throws IOException {
          Files.deleteIfExists(file);
        }
      };
}
