package dev.gitblobs.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The last value that is taken and the first that is not, too large for the vectors. */
class FrameLimitsTest {
  private static final String OP = "{\"op\":\"presence\"}";
  private static final long MAX_COUNT = 9_007_199_254_740_991L;

  private static void isTaken(Decoded<? extends Op> decoded) {
    assertThat(decoded).isInstanceOf(Decoded.Ops.class);
  }

  private static Decoded.Refused<?> isRefused(ErrorCode code, Decoded<? extends Op> decoded) {
    assertThat(decoded).isInstanceOf(Decoded.Refused.class);
    Decoded.Refused<?> refused = (Decoded.Refused<?>) decoded;
    assertThat(refused.code()).isEqualTo(code);
    return refused;
  }

  /** A frame of one operation, drawn out by spaces. */
  private static String text(String op, int length) {
    return "[" + op + " ".repeat(length - op.length() - 2) + "]";
  }

  @Test
  void takesATextFrameOfExactlyTheLimit() {
    isTaken(Codec.decodeClient(text(OP, Limits.FRAME_BYTES)));
    isRefused(ErrorCode.BAD_FRAME, Codec.decodeClient(text(OP, Limits.FRAME_BYTES + 1)));
  }

  @Test
  void countsATextFrameInBytesOfUtf8() {
    String umlaut = "{\"op\":\"auth\",\"token\":\"\u00e4\"}";
    isTaken(Codec.decodeClient(text(umlaut, Limits.FRAME_BYTES - 1)));
    isRefused(ErrorCode.BAD_FRAME, Codec.decodeClient(text(umlaut, Limits.FRAME_BYTES)));
  }

  @Test
  void takesABinaryFrameOfExactlyTheLimit() {
    int prefix = Vectors.frame("", new byte[0]).length;
    String fits = text(OP, Limits.FRAME_BYTES - prefix);
    isTaken(Codec.decodeClient(Vectors.frame(fits, new byte[0])));
    isRefused(ErrorCode.BAD_FRAME, Codec.decodeClient(Vectors.frame(fits + " ", new byte[0])));
  }

  @Test
  void takesAsManyOperationsAsAFrameMayHave() {
    List<String> ops = Collections.nCopies(Limits.OPS_PER_FRAME, OP);
    isTaken(Codec.decodeClient("[" + String.join(",", ops) + "]"));
    isRefused(ErrorCode.BAD_JSON, Codec.decodeClient("[" + String.join(",", ops) + "," + OP + "]"));
  }

  @Test
  void takesAsManyKeysAsAnOperationMayHave() {
    List<String> keys =
        IntStream.rangeClosed(0, Limits.OBJECTS_PER_OP)
            .mapToObj("[\"blob\",\"%064x\"]"::formatted)
            .toList();
    String get = "[{\"op\":\"get\",\"id\":1,\"objects\":[%s]}]";
    List<String> most = keys.subList(0, Limits.OBJECTS_PER_OP);
    isTaken(Codec.decodeClient(get.formatted(String.join(",", most))));
    isRefused(ErrorCode.BAD_FIELD, Codec.decodeClient(get.formatted(String.join(",", keys))));
  }

  @Test
  void takesATextOfExactlyItsLimit() {
    String presence = "[{\"op\":\"presence\",\"state\":\"%s\"}]";
    isTaken(Codec.decodeClient(presence.formatted("s".repeat(Limits.STATE_BYTES))));
    isRefused(
        ErrorCode.BAD_FIELD,
        Codec.decodeClient(presence.formatted("s".repeat(Limits.STATE_BYTES + 1))));
  }

  @Test
  void takesNoNumberModuloTheIntegersOfJava() {
    String hello = "[{\"op\":\"hello\",\"proto\":%d,\"device\":\"d\"}]";
    isTaken(Codec.decodeClient(hello.formatted(1)));
    isRefused(ErrorCode.BAD_FIELD, Codec.decodeClient(hello.formatted((1L << 32) + 1)));
  }

  @Test
  void takesNoObjectForAList() {
    String events = "[{\"op\":\"events\",\"items\":%s,\"more\":false}]";
    isTaken(Codec.decodeServer(events.formatted("[]")));
    isRefused(ErrorCode.BAD_FIELD, Codec.decodeServer(events.formatted("{}")));
  }

  @Test
  void takesNoEventOfAKindThatItDoesNotKnow() {
    String event =
        "[{\"op\":\"event\",\"kind\":\"%s\",\"seq\":1,\"at\":1,\"by\":\"u\",\"device\":\"d\",\"mid\":\"m\"}]";
    isTaken(Codec.decodeServer(event.formatted("message")));
    isRefused(ErrorCode.BAD_FIELD, Codec.decodeServer(event.formatted("letter")));
  }

  @Test
  void saysThatAFieldIsUnknownButNotItsName() {
    assertThat(
            isRefused(
                    ErrorCode.BAD_FIELD,
                    Codec.decodeClient("[{\"op\":\"presence\",\"secret\":\"x\"}]"))
                .message())
        .isEqualTo("field unknown is not as described");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "9007199254740991, 9007199254740991", "9007199254740992,", "-1,"})
  void namesARefusedRequestByEveryIdThatARequestMayHave(String id, Long named) {
    Decoded<ClientOp> decoded = Codec.decodeClient("[{\"op\":\"dance\",\"id\":" + id + "}]");
    assertThat(isRefused(ErrorCode.UNKNOWN_OP, decoded).id()).isEqualTo(named);
  }

  @Test
  void readsAPongUpToTheLargestCount() {
    assertThat(Pong.decode("pong:e1:" + MAX_COUNT)).contains(new Pong("e1", MAX_COUNT));
    assertThat(Pong.decode("pong:e1:" + (MAX_COUNT + 1))).isEmpty();
  }

  @Test
  void writesNoTextFrameOfAnOperationWithABody() {
    ClientOp put = ClientOp.Put.of(1, ObjectType.BLOB, Body.of(new byte[1]));
    List<ClientOp> ops = List.of(new ClientOp.Presence(null), put);
    assertThatThrownBy(() -> Codec.encodeText(ops)).isInstanceOf(IllegalArgumentException.class);
    isTaken(Codec.decodeClient(Codec.encodeBinary(ops)));
  }

  @Test
  void makesNoOperationThatNobodyWouldTake() {
    Body body = Body.of("x".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> new ClientOp.Put(1, ObjectType.BLOB, body.sha256(), 2, null, body))
        .hasMessageContaining("len");
    assertThatThrownBy(() -> new ServerOp.Authed(-1)).hasMessageContaining("expires_at");
  }
}
