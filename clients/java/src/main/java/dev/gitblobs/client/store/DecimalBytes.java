package dev.gitblobs.client.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Bytes as decimal numbers between commas: how original clients keep a blob. */
final class DecimalBytes {
  private static final byte[][] DECIMAL = decimals();

  private DecimalBytes() {}

  private static byte[][] decimals() {
    byte[][] decimals = new byte[256][];
    for (int value = 0; value < decimals.length; value++) {
      decimals[value] = Integer.toString(value).getBytes(StandardCharsets.US_ASCII);
    }
    return decimals;
  }

  static void write(byte[] bytes, OutputStream out) throws IOException {
    for (int i = 0; i < bytes.length; i++) {
      if (i > 0) {
        out.write(',');
      }
      out.write(DECIMAL[bytes[i] & 0xff]);
    }
  }

  /** What {@link #write} wrote between two places of a text; empty when it wrote something else. */
  static Optional<byte[]> read(byte[] text, int from, int to) {
    if (from == to) {
      return Optional.of(new byte[0]);
    }
    byte[] bytes = new byte[(to - from + 1) / 2];
    int count = 0;
    for (int at = from; ; at++) {
      int start = at;
      int value = 0;
      while (at < to && text[at] >= '0' && text[at] <= '9' && value <= 255) {
        value = value * 10 + text[at++] - '0';
      }
      boolean isNumber = at > start && value <= 255 && (text[start] != '0' || at == start + 1);
      if (!isNumber || (at < to && text[at] != ',')) {
        return Optional.empty();
      }
      bytes[count++] = (byte) value;
      if (at == to) {
        return Optional.of(Arrays.copyOf(bytes, count));
      }
    }
  }
}
