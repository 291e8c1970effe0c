package dev.gitblobs.cloudflare.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where an account is kept: files that are replaced whole. */
public interface StateFiles {
  /** Where a file of this name is, or would be. */
  Path path(String name);

  /** What the file says, or empty when there is none; a file that cannot be read is an error. */
  <T> Optional<T> read(String name, Class<T> type) throws IOException;

  /**
   * Writes a value as JSON, whole or not at all.
   *
   * @throws UncheckedIOException when the disk refuses
   */
  void write(String name, Object value);

  /** Writes bytes, whole or not at all. */
  void writeBytes(String name, byte[] bytes) throws IOException;

  /** Whether there is such a file. */
  boolean exists(String name);

  /** The names of the files in a folder ({@code modules/}), without the folder's. */
  List<String> list(String folder) throws IOException;

  /** Deletes a file; one that is missing is fine. */
  void delete(String name) throws IOException;
}
