package dev.gitblobs.client.object;

import java.util.Arrays;
import java.util.Optional;

/** The bytes of a file. Immutable. */
public final class Blob implements StoredObject {
  private final Hash hash;
  private final byte[] bytes;

  private Blob(Hash hash, byte[] bytes) {
    this.hash = hash;
    this.bytes = bytes;
  }

  /** A new blob of a copy of these bytes. */
  public static Blob of(byte[] bytes) {
    return new Blob(Hash.of(bytes), bytes.clone());
  }

  /** A blob that came from outside under this hash, right or not. */
  public static Blob received(Hash hash, byte[] bytes) {
    return new Blob(hash, bytes.clone());
  }

  @Override
  public ObjectType type() {
    return ObjectType.BLOB;
  }

  @Override
  public Hash hash() {
    return hash;
  }

  /** How many bytes it has. */
  public int size() {
    return bytes.length;
  }

  /** A copy of its bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public Optional<byte[]> wireBytes() {
    return isProven() ? Optional.of(bytes.clone()) : Optional.empty();
  }

  @Override
  public boolean isProven() {
    return Hash.of(bytes).equals(hash);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Blob blob && hash.equals(blob.hash) && Arrays.equals(bytes, blob.bytes);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  @Override
  public String toString() {
    return "Blob[" + hash + ", " + bytes.length + " bytes]";
  }
}
