package dev.gitblobs.protocol;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** The bytes that travel behind the header of a binary frame. Immutable; compared by content. */
public final class Body {
  private final byte[] bytes;

  private Body(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A body holding a copy of the bytes. */
  public static Body of(byte[] bytes) {
    return new Body(bytes.clone());
  }

  static Body slice(byte[] frame, int from, int to) {
    return new Body(Arrays.copyOfRange(frame, from, to));
  }

  /** Number of bytes. */
  public int length() {
    return bytes.length;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** A copy of the bytes from one index to another, as {@link Arrays#copyOfRange}. */
  public Body slice(int from, int to) {
    return slice(bytes, from, to);
  }

  /** The lower-case hex SHA-256 of the bytes: the hash every object must have (PROTOCOL.md 3). */
  public String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void copyTo(byte[] frame, int at) {
    System.arraycopy(bytes, 0, frame, at, bytes.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Body body && Arrays.equals(bytes, body.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
