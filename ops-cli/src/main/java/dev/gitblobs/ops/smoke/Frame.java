package dev.gitblobs.ops.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Binary frames of PROTOCOL.md section 4, as far as one small object at a time needs them. */
final class Frame {
  private static final int VERSION = 1;
  private static final int KIND = 1;
  private static final int PREFIX_BYTES = 8;

  private Frame() {}

  /** One operation with its body. */
  static ByteBuffer of(Object operation, byte[] body) throws IOException {
    byte[] header = Json.MAPPER.writeValueAsBytes(List.of(operation));
    return ByteBuffer.allocate(PREFIX_BYTES + header.length + body.length)
        .put((byte) VERSION)
        .put((byte) KIND)
        .putShort((short) 0)
        .putInt(header.length)
        .put(header)
        .put(body)
        .flip();
  }

  /** The operations of a frame, leaving the buffer at the first body. */
  static JsonNode header(ByteBuffer frame) throws IOException {
    if (frame.remaining() < PREFIX_BYTES || frame.get() != VERSION || frame.get() != KIND) {
      throw new IOException("a frame of another version");
    }
    frame.getShort();
    return Json.MAPPER.readTree(take(frame, frame.getInt()));
  }

  /** The next bytes of a frame. */
  static byte[] take(ByteBuffer frame, int length) throws IOException {
    if (length < 0 || length > frame.remaining()) {
      throw new IOException("a frame that is shorter than it says");
    }
    byte[] bytes = new byte[length];
    frame.get(bytes);
    return bytes;
  }

  /** The name of an object: SHA-256 in hex. */
  static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
