package dev.gitblobs.client.object;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** A SHA-256 as 64 lower-case hex digits; nothing else can be one, so it is safe in a path. */
public record Hash(String hex) implements Comparable<Hash> {
  private static final int DIGITS = 64;

  /** Throws {@link IllegalArgumentException} for anything but 64 lower-case hex digits. */
  public Hash {
    if (!isHash(hex)) {
      throw new IllegalArgumentException("Not a hash (64 lower-case hex digits)");
    }
  }

  /** The hash written in the text, or empty when it is none. For text from outside. */
  public static Optional<Hash> parse(String text) {
    return isHash(text) ? Optional.of(new Hash(text)) : Optional.empty();
  }

  /** The hash of these bytes. */
  public static Hash of(byte[] bytes) {
    try {
      return new Hash(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256", e);
    }
  }

  /** The first twelve digits, for people. */
  public String brief() {
    return hex.substring(0, 12);
  }

  private static boolean isHash(String text) {
    if (text.length() != DIGITS) {
      return false;
    }
    for (int i = 0; i < DIGITS; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int compareTo(Hash other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
