package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.Codec;
import dev.gitblobs.protocol.Decoded;
import dev.gitblobs.protocol.ObjectType;
import dev.gitblobs.protocol.ServerOp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames over a connection, and how it ends. */
final class WebSocketFramesTest {
  private static final Duration SOON = Duration.ofMillis(1);
  private static final List<ServerOp> OPS =
      List.of(new ServerOp.Authed(1), new ServerOp.AuthSoon(2));

  private final FakeSocket socket = new FakeSocket();
  private final WebSocketListener listener = new WebSocketListener();
  private final WebSocketConnection connection = new WebSocketConnection(socket, listener);

  private static void isLost(ThrowingCallable call, AfterClose then, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.then()).isEqualTo(then))
        .hasMessageContaining(words);
  }

  @Test
  void sendsOperationsInAsFewFramesAsTheyFit() {
    List<ClientOp> ops =
        List.of(
            new ClientOp.Presence(null),
            ClientOp.Put.of(1, ObjectType.BLOB, Body.of(new byte[600_000])),
            ClientOp.Put.of(2, ObjectType.BLOB, Body.of(new byte[600_000])));
    connection.send(ops);
    assertThat(socket.frames)
        .extracting(frame -> ((Decoded.Ops<ClientOp>) Codec.decodeClient(frame)).ops())
        .containsExactly(ops.subList(0, 2), ops.subList(2, 3));
  }

  @Test
  void givesOutWhatCameOneByOneAndAsksForOneFrameAtATime() {
    listener.onText(socket, Codec.encodeText(OPS), true);
    assertThat(connection.receive(SOON)).contains(OPS.get(0));
    assertThat(connection.receive(SOON)).contains(OPS.get(1));
    assertThat(socket.requested).isEqualTo(1);
    listener.onBinary(socket, ByteBuffer.wrap(Codec.encodeBinary(OPS)), true);
    assertThat(connection.receive(SOON)).contains(OPS.get(0));
    assertThat(socket.requested).isEqualTo(2);
  }

  @Test
  void isBackWithNothingWhenNothingComesInTime() {
    assertThat(connection.receive(SOON)).isEmpty();
    assertThat(connection.receive(SOON)).isEmpty();
    assertThat(socket.requested).as("the frame it waits for is asked for once").isEqualTo(1);
  }

  @Test
  void doesNotComeBackToARelayThatSpeaksAnotherProtocol() {
    listener.onText(socket, "hello", true);
    isLost(() -> connection.receive(SOON), AfterClose.STOP, "not of the protocol");
  }

  @ParameterizedTest
  @CsvSource({
    "4401, expired, REFRESH, '(4401, expired)'",
    "4409, '', STOP, (4409)",
    "1012, '', RECONNECT, (1012)"
  })
  void saysHowTheRelayEndedIt(int code, String reason, AfterClose then, String words) {
    listener.onClose(socket, code, reason);
    isLost(() -> connection.receive(SOON), then, words);
  }

  @Test
  void blamesTheEndThatCameBeforeForASendThatFails() {
    socket.fault = new IOException("Output closed");
    listener.onClose(socket, 4401, "");
    isLost(() -> connection.send(List.of(new ClientOp.Presence(null))), AfterClose.REFRESH, "4401");
  }

  @Test
  void saysWhyASendFailsWhenNothingElseDoes() {
    socket.fault = new IOException("Broken pipe");
    isLost(
        () -> connection.send(List.of(new ClientOp.Presence(null))),
        AfterClose.RECONNECT,
        "Broken pipe");
  }

  @Test
  void pingsOnceAndGivesUpWhenThatWasNotAnswered() {
    connection.ping();
    assertThat(socket.texts).containsExactly("ping");
    isLost(connection::ping, AfterClose.RECONNECT, "does not answer");
  }

  @Test
  void pingsAgainAfterAPong() {
    connection.ping();
    listener.onText(socket, "pong:e1:7", true);
    assertThat(connection.receive(SOON)).isEmpty();
    connection.ping();
    assertThat(socket.texts).containsExactly("ping", "ping");
  }

  @Test
  void closesTheSocketAndLetsItGo() {
    connection.close();
    assertThat(socket.isClosed).isTrue();
    assertThat(socket.isAborted).isTrue();
  }

  @Test
  void letsASocketGoThatIsClosedAlready() {
    socket.isClosed = true;
    socket.fault = new AssertionError("nothing is sent any more");
    connection.close();
    assertThat(socket.isAborted).isTrue();
  }

  @Test
  void letsASocketGoWhoseOtherSideWentFirst() {
    socket.fault = new IOException("gone");
    connection.close();
    assertThat(socket.isAborted).isTrue();
  }

  @Test
  void tellsTheRelayThatItReadsAfterEveryMebibyte() {
    String frame = "[" + " ".repeat(250_000) + "{\"op\":\"authed\",\"expires_at\":1}]";
    for (int received = 1; received <= 10; received++) {
      listener.onText(socket, frame, true);
      assertThat(connection.receive(SOON)).isPresent();
      long bytes = (long) received * frame.length();
      assertThat(socket.texts).hasSize((int) (bytes / (5L * frame.length())));
    }
    assertThat(socket.texts).containsExactly("ping", "ping");
  }
}
