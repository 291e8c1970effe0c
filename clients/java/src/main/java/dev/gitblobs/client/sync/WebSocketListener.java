package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.Limits;
import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Puts whole frames into a queue. The reader asks for each frame ({@code request(1)}), so no more
 * than one waits and memory is bounded by the frame limit.
 */
final class WebSocketListener implements WebSocket.Listener {
  /** What came. */
  sealed interface Incoming {}

  /** A text frame. */
  record Text(String frame) implements Incoming {}

  /** A binary frame. */
  record Binary(ByteArrayOutputStream frame) implements Incoming {}

  /** The socket is closed. */
  record Closed(int code, String reason) implements Incoming {}

  private final BlockingQueue<Incoming> queue = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private ByteArrayOutputStream binary = new ByteArrayOutputStream();
  private volatile long heardAt = System.nanoTime();

  BlockingQueue<Incoming> queue() {
    return queue;
  }

  /** When a part of a frame came last, by {@link System#nanoTime}. */
  long heardAt() {
    return heardAt;
  }

  @Override
  public void onOpen(WebSocket socket) {
    // the reader requests
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    heardAt = System.nanoTime();
    text.append(data);
    if (last) {
      queue.add(new Text(text.toString()));
      text.setLength(0);
    } else {
      goOn(socket, text.length());
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    heardAt = System.nanoTime();
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    binary.writeBytes(bytes);
    if (last) {
      queue.add(new Binary(binary));
      binary = new ByteArrayOutputStream();
    } else {
      goOn(socket, binary.size());
    }
    return null;
  }

  private void goOn(WebSocket socket, int size) {
    if (size > Limits.FRAME_BYTES) {
      queue.add(new Closed(1009, "the relay sent a frame larger than the limit"));
      socket.abort();
    } else {
      socket.request(1);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    queue.add(new Closed(code, reason));
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    queue.add(new Closed(1006, String.valueOf(error)));
  }
}
