package dev.gitblobs.client.object;

import java.util.Optional;

/**
 * An object with the hash it goes by. That the hash is right is known only from {@link #wireBytes}.
 */
public sealed interface StoredObject permits Blob, Commit, Metadata, Tree {
  /** Its kind. */
  ObjectType type();

  /** The hash it goes by. */
  Hash hash();

  /**
   * The exact bytes whose SHA-256 is the hash: a blob's content, else the canonical text. Empty
   * when there are none: the object was tampered with, or is a shallow root (FORMAT.md 4).
   */
  Optional<byte[]> wireBytes();

  /** Whether its bytes give its hash. */
  default boolean isProven() {
    return wireBytes().isPresent();
  }

  /** Type and hash. */
  default ObjectId id() {
    return new ObjectId(type(), hash());
  }
}
