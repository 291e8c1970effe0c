package dev.gitblobs.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CodecFuzzTest {
  private static final long SEED = 20_261_123;
  private static final String HASH = "ab".repeat(32);

  private static final List<byte[]> KNOWN =
      Stream.of("client", "server")
          .flatMap(side -> Vectors.list("ops.json", side))
          .map(CodecFuzzTest::frameOf)
          .toList();

  private static byte[] frameOf(JsonNode vector) {
    byte[] body = vector.has("body") ? Vectors.bytes(vector.get("body")) : new byte[0];
    return Vectors.frame("[" + vector.get("op") + "]", body);
  }

  private static void assertTyped(byte[] frame) {
    String text = new String(frame, StandardCharsets.ISO_8859_1);
    for (String side : List.of("client", "server")) {
      assertTyped(Vectors.decode(side, frame));
      assertTyped(Vectors.decode(side, text));
    }
  }

  private static void assertTyped(Decoded<? extends Op> decoded) {
    if (decoded instanceof Decoded.Refused<?> refused) {
      assertThat(refused.code())
          .isIn(ErrorCode.BAD_FRAME, ErrorCode.BAD_JSON, ErrorCode.UNKNOWN_OP, ErrorCode.BAD_FIELD);
    } else {
      assertThat(((Decoded.Ops<?>) decoded).ops()).isNotEmpty();
    }
  }

  @Test
  void answersRandomBytesWithATypedResult() {
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      assertTyped(bytes);
    }
  }

  @Test
  void answersTruncatedAndMutatedFramesWithATypedResult() {
    Random random = new Random(SEED);
    for (int i = 0; i < 50_000; i++) {
      byte[] known = KNOWN.get(random.nextInt(KNOWN.size()));
      byte[] frame = java.util.Arrays.copyOf(known, 1 + random.nextInt(known.length));
      for (int edits = random.nextInt(3); edits > 0; edits--) {
        frame[random.nextInt(frame.length)] ^= (byte) random.nextInt(256);
      }
      assertTyped(frame);
      assertTyped(java.util.Arrays.copyOfRange(frame, Math.min(8, frame.length), frame.length));
    }
  }

  @Test
  void survivesATextNestedAHundredThousandDeep() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThat(Codec.decodeClient(deep)).isInstanceOf(Decoded.Refused.class);
  }

  @Test
  void acceptsAFrameOfExactlyTheLimitAndRefusesOneByteMore() {
    int overhead = Codec.encodeBinary(List.of(put(500_000), put(500_000))).length - 1_000_000;
    int largest = Limits.FRAME_BYTES - overhead - 500_000;
    assertThat(Codec.decodeClient(Codec.encodeBinary(List.of(put(500_000), put(largest)))))
        .isInstanceOf(Decoded.Ops.class);
    assertThat(Codec.decodeClient(Codec.encodeBinary(List.of(put(500_000), put(largest + 1)))))
        .isEqualTo(
            new Decoded.Refused<ClientOp>(ErrorCode.BAD_FRAME, "the frame is too large", null));
  }

  @Test
  void cutsOperationsIntoFramesThatDecodeToTheSameOperations() {
    FrameBatcher batcher = new FrameBatcher();
    List<ClientOp> ops = new ArrayList<>();
    List<byte[]> frames = new ArrayList<>();
    Random random = new Random(SEED);
    for (int i = 0; i < 60; i++) {
      ClientOp op = put(random.nextInt(300_000));
      ops.add(op);
      batcher.add(op).ifPresent(frames::add);
    }
    batcher.flush().ifPresent(frames::add);
    List<ClientOp> decoded = new ArrayList<>();
    for (byte[] frame : frames) {
      decoded.addAll(((Decoded.Ops<ClientOp>) Codec.decodeClient(frame)).ops());
    }
    assertThat(decoded).isEqualTo(ops);
    assertThat(batcher.flush()).isEmpty();
  }

  @Test
  void neverRepeatsARefusedValueNorPrintsAToken() {
    assertThat(
            Codec.decodeClient("[{\"op\":\"auth\",\"token\":{\"secret\":\"canary\"}}]").toString())
        .doesNotContain("canary");
    assertThat(new ClientOp.Auth("canary").toString()).doesNotContain("canary");
  }

  @Test
  void refusesToWriteABodyIntoAText() {
    assertThatThrownBy(() -> Codec.encodeText(List.of(put(1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ClientOp put(int len) {
    return new ClientOp.Put(1, ObjectType.BLOB, HASH, len, null, Body.of(new byte[len]));
  }
}
