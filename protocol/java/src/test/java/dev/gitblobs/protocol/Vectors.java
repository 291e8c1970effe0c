package dev.gitblobs.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The golden vectors both languages read. */
final class Vectors {
  static final JsonMapper JSON = new JsonMapper();

  private Vectors() {}

  static JsonNode file(String name) {
    try {
      return JSON.readTree(Path.of(System.getProperty("protocol.vectors"), name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<JsonNode> list(String name, String field) {
    return StreamSupport.stream(file(name).get(field).spliterator(), false);
  }

  static byte[] bytes(JsonNode hex) {
    return HexFormat.of().parseHex(hex.textValue());
  }

  /** A binary frame around any header. */
  static byte[] frame(String header, byte[] body) {
    byte[] head = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + head.length + body.length)
        .put(new byte[] {1, 1, 0, 0})
        .putInt(head.length)
        .put(head)
        .put(body)
        .array();
  }

  static Decoded<? extends Op> decode(String side, byte[] frame) {
    return side.equals("client") ? Codec.decodeClient(frame) : Codec.decodeServer(frame);
  }

  static Decoded<? extends Op> decode(String side, String frame) {
    return side.equals("client") ? Codec.decodeClient(frame) : Codec.decodeServer(frame);
  }

  /** Decodes the frame of a vector, written as text or as hex. */
  static Decoded<? extends Op> decode(JsonNode vector) {
    String side = vector.get("side").textValue();
    return vector.has("hex")
        ? decode(side, bytes(vector.get("hex")))
        : decode(side, vector.get("text").textValue());
  }
}
