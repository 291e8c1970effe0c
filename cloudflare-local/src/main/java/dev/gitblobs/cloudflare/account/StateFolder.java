package dev.gitblobs.cloudflare.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Files that only their owner may read, replaced atomically: a crash leaves the old or the new. */
public final class StateFolder {
  private final Path folder;

  /** Creates the folder (mode 0700) when it is not there. */
  public StateFolder(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    this.folder = folder.toRealPath();
  }

  /** Where a file of this name is, or would be. */
  public Path path(String name) {
    return folder.resolve(name);
  }

  /** What the file says, or empty when there is none; a file that cannot be read is an error. */
  public <T> Optional<T> read(String name, Class<T> type) throws IOException {
    Path file = path(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.MAPPER.readValue(file.toFile(), type));
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is damaged: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Writes a value as JSON, whole or not at all.
   *
   * @throws UncheckedIOException when the disk refuses
   */
  public void write(String name, Object value) {
    try {
      writeBytes(name, Json.MAPPER.writeValueAsBytes(value));
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + path(name), e);
    }
  }

  /** Written aside, forced to disk and moved into place. */
  public void writeBytes(String name, byte[] bytes) throws IOException {
    Path target = path(name);
    Files.createDirectories(target.getParent());
    Path aside =
        Files.createTempFile(
            target.getParent(),
            ".new-",
            null,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (FileChannel channel = FileChannel.open(aside, Set.of(StandardOpenOption.WRITE))) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /** Deletes a file; one that is missing is fine. */
  public void delete(String name) throws IOException {
    Files.deleteIfExists(path(name));
  }
}
