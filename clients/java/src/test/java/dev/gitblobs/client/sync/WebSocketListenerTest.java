package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.protocol.Limits;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class WebSocketListenerTest {
  private final WebSocketListener listener = new WebSocketListener();
  private final FakeSocket socket = new FakeSocket();

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count);
  }

  @Test
  void asksForMoreOfAFrameUntilItIsWhole() {
    listener.onText(socket, "[{\"op\":", false);
    assertThat(socket.requested).isEqualTo(1);
    listener.onText(socket, "1}]", true);
    listener.onText(socket, "next", true);
    assertThat(listener.queue())
        .containsExactly(
            new WebSocketListener.Text("[{\"op\":1}]"), new WebSocketListener.Text("next"));
    assertThat(socket.requested).as("the reader asks for the next frame").isEqualTo(1);
  }

  @Test
  void keepsTheFramesOfBytesApart() {
    listener.onBinary(socket, bytes(2), false);
    listener.onBinary(socket, bytes(3), true);
    listener.onBinary(socket, bytes(4), true);
    assertThat(listener.queue())
        .extracting(frame -> ((WebSocketListener.Binary) frame).frame().size())
        .containsExactly(5, 4);
    assertThat(socket.requested).isEqualTo(1);
  }

  @Test
  void endsTheConnectionWhenAFrameOfBytesHasNoEnd() {
    listener.onBinary(socket, bytes(Limits.FRAME_BYTES), false);
    assertThat(socket.isAborted).isFalse();
    listener.onBinary(socket, bytes(1), false);
    assertThat(socket.isAborted).isTrue();
    isTooLarge();
  }

  @Test
  void endsTheConnectionWhenATextHasNoEnd() {
    listener.onText(socket, "x".repeat(Limits.FRAME_BYTES), false);
    assertThat(socket.isAborted).isFalse();
    listener.onText(socket, "x", false);
    assertThat(socket.isAborted).isTrue();
    isTooLarge();
  }

  private void isTooLarge() {
    assertThat(socket.requested).as("no more of it is read").isEqualTo(1);
    assertThat(listener.queue())
        .containsExactly(
            new WebSocketListener.Closed(1009, "the relay sent a frame larger than the limit"));
  }

  @Test
  void readsOnAfterPingsAndPongsOfTheSocketItself() {
    listener.onPing(socket, bytes(0));
    listener.onPong(socket, bytes(0));
    assertThat(socket.requested).isEqualTo(2);
    assertThat(listener.queue()).isEmpty();
  }

  @Test
  void tellsHowTheSocketEnded() {
    listener.onClose(socket, 4401, "expired");
    listener.onError(socket, new java.io.IOException("reset"));
    assertThat(listener.queue())
        .containsExactly(
            new WebSocketListener.Closed(4401, "expired"),
            new WebSocketListener.Closed(1006, "java.io.IOException: reset"));
  }
}
