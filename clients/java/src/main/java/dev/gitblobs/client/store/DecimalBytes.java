package dev.gitblobs.client.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

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
}
