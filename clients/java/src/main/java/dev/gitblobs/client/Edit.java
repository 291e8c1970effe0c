package dev.gitblobs.client;

import dev.gitblobs.client.object.Hash;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One change to the files of a store. */
public sealed interface Edit {
  /**
   * Adds a file, or replaces its content and metadata.
   *
   * @param content read once, when the file's turn comes
   * @param metadata the hash of stored metadata, or null for none
   */
  record Put(String path, Supplier<byte[]> content, @Nullable Hash metadata) implements Edit {}

  /** Removes a file. */
  record Remove(String path) implements Edit {}

  /** Gives a file another name; it goes to the end of the tree. */
  record Move(String from, String to) implements Edit {}

  /** The names that it is about. */
  default Stream<String> paths() {
    if (this instanceof Put put) {
      return Stream.of(put.path());
    }
    if (this instanceof Remove remove) {
      return Stream.of(remove.path());
    }
    if (this instanceof Move move) {
      return Stream.of(move.from(), move.to());
    }
    throw new AssertionError(this);
  }

  /** Adds or replaces a file. */
  static Edit put(String path, byte[] content) {
    byte[] copy = content.clone();
    return new Put(path, copy::clone, null);
  }

  /**
   * Adds or replaces a file whose content is read when its turn comes. The store is locked
   * meanwhile: what may be long in coming, such as input, is read before.
   */
  static Edit put(String path, Supplier<byte[]> content) {
    return new Put(path, content, null);
  }
}
