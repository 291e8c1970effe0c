package dev.gitblobs.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class VectorsTest {
  @Test
  void limitsAreThoseOfTheVectors() throws Exception {
    JsonNode vector = Vectors.file("limits.json");
    for (var limit : vector.get("limits").properties()) {
      String name = limit.getKey().toUpperCase(Locale.ROOT);
      assertThat(Limits.class.getField(name).getInt(null))
          .as(name)
          .isEqualTo(limit.getValue().intValue());
    }
    assertThat(Limits.PROTOCOL_VERSION).isEqualTo(vector.get("protocol_version").intValue());
    assertThat(Limits.SUBPROTOCOL).isEqualTo(vector.get("subprotocol").textValue());
  }

  @Test
  void errorAndCloseCodesAreThoseOfTheVectors() {
    assertThat(Stream.of(ErrorCode.values()).map(c -> c.wire() + " " + c.retry().wire()))
        .containsExactlyElementsOf(
            Vectors.list("errors.json", "errors")
                .map(e -> e.get("code").textValue() + " " + e.get("retry").textValue())
                .toList());
    assertThat(Stream.of(CloseCode.values()).map(c -> c + " " + c.code() + " " + c.then()))
        .containsExactlyElementsOf(
            Vectors.list("errors.json", "close")
                .map(
                    c ->
                        (c.get("name").textValue() + " " + c.get("code") + " ")
                                .toUpperCase(Locale.ROOT)
                            + c.get("then").textValue().toUpperCase(Locale.ROOT))
                .toList());
    assertThat(CloseCode.after(4401)).isEqualTo(CloseCode.AfterClose.REFRESH);
    assertThat(CloseCode.after(4999)).isEqualTo(CloseCode.AfterClose.RECONNECT);
  }

  @Test
  void objectsHaveTheHashOfTheirBytes() {
    Vectors.list("objects.json", "objects")
        .forEach(
            object ->
                assertThat(Body.of(Vectors.bytes(object.get("hex"))).sha256())
                    .isEqualTo(object.get("hash").textValue()));
  }

  @TestFactory
  Stream<DynamicTest> decodesAndEncodesEveryOperation() {
    return Stream.of("client", "server")
        .flatMap(
            side ->
                Vectors.list("ops.json", side)
                    .map(
                        vector ->
                            DynamicTest.dynamicTest(
                                side + ": " + vector.get("name").textValue(),
                                () -> roundTrip(side, vector))));
  }

  private static void roundTrip(String side, JsonNode vector) throws Exception {
    ArrayNode header = Vectors.JSON.createArrayNode().add(vector.get("op"));
    boolean hasBody = vector.has("body");
    byte[] body = hasBody ? Vectors.bytes(vector.get("body")) : new byte[0];
    Decoded<? extends Op> decoded =
        hasBody
            ? Vectors.decode(side, Vectors.frame(header.toString(), body))
            : Vectors.decode(side, header.toString());
    List<? extends Op> ops = ops(decoded);
    assertThat(plain(ops)).isEqualTo(List.of(vector.get("op")));
    assertThat(Vectors.decode(side, Codec.encodeBinary(ops))).isEqualTo(decoded);
    if (!hasBody) {
      assertThat(Vectors.JSON.readTree(Codec.encodeText(ops))).isEqualTo(header);
    }
  }

  @TestFactory
  Stream<DynamicTest> refusesBrokenOperations() {
    return Vectors.list("ops.json", "refused")
        .map(
            vector ->
                DynamicTest.dynamicTest(
                    vector.get("name").textValue(),
                    () ->
                        assertRefused(
                            Vectors.decode(
                                vector.get("side").textValue(), "[" + vector.get("op") + "]"),
                            vector)));
  }

  @TestFactory
  Stream<DynamicTest> acceptsFrames() {
    return Vectors.list("frames.json", "accepted")
        .map(
            vector ->
                DynamicTest.dynamicTest(
                    vector.get("name").textValue(),
                    () -> {
                      List<? extends Op> ops = ops(Vectors.decode(vector));
                      List<JsonNode> expected = new ArrayList<>();
                      vector.get("ops").forEach(expected::add);
                      assertThat(plain(ops)).isEqualTo(expected);
                      List<String> bodies = new ArrayList<>();
                      vector.get("bodies").forEach(b -> bodies.add(b.textValue()));
                      assertThat(ops.stream().map(VectorsTest::bodyOf).toList()).isEqualTo(bodies);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> refusesBrokenFrames() {
    return Vectors.list("frames.json", "refused")
        .map(
            vector ->
                DynamicTest.dynamicTest(
                    vector.get("name").textValue(),
                    () -> assertRefused(Vectors.decode(vector), vector)));
  }

  @Test
  void readsAndWritesPongs() {
    Vectors.list("frames.json", "pongs")
        .forEach(
            vector -> {
              Pong pong = new Pong(vector.get("epoch").textValue(), vector.get("head").longValue());
              assertThat(Pong.decode(vector.get("text").textValue())).contains(pong);
              assertThat(pong.encode()).isEqualTo(vector.get("text").textValue());
            });
    Vectors.list("frames.json", "not_pongs")
        .forEach(text -> assertThat(Pong.decode(text.textValue())).isEmpty());
  }

  private static void assertRefused(Decoded<? extends Op> decoded, JsonNode vector) {
    assertThat(decoded).isInstanceOf(Decoded.Refused.class);
    var refused = (Decoded.Refused<?>) decoded;
    assertThat(refused.code().wire()).isEqualTo(vector.get("code").textValue());
    if (vector.has("id")) {
      assertThat(refused.id()).isEqualTo(vector.get("id").longValue());
    }
  }

  private static List<? extends Op> ops(Decoded<? extends Op> decoded) {
    assertThat(decoded).isInstanceOf(Decoded.Ops.class);
    return ((Decoded.Ops<?>) decoded).ops();
  }

  /** The operations as a vector writes them: the header the codec puts in front of the bodies. */
  private static List<JsonNode> plain(List<? extends Op> ops) throws Exception {
    byte[] frame = Codec.encodeBinary(ops);
    int length = java.nio.ByteBuffer.wrap(frame).getInt(4);
    List<JsonNode> plain = new ArrayList<>();
    for (JsonNode op : Vectors.JSON.readTree(frame, 8, length)) {
      plain.add((ObjectNode) op);
    }
    return plain;
  }

  private static @org.jspecify.annotations.Nullable String bodyOf(Op op) {
    if (op instanceof ClientOp.Put put) {
      return HexFormat.of().formatHex(put.body().bytes());
    }
    if (op instanceof ClientOp.Chunk chunk) {
      return HexFormat.of().formatHex(chunk.body().bytes());
    }
    if (op instanceof ClientOp.Send send) {
      return HexFormat.of().formatHex(send.body().bytes());
    }
    if (op instanceof ServerOp.Message message) {
      return HexFormat.of().formatHex(message.body().bytes());
    }
    return op instanceof ServerOp.Objects objects
        ? HexFormat.of().formatHex(objects.body().bytes())
        : null;
  }
}
