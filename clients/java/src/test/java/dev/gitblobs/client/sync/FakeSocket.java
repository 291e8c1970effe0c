package dev.gitblobs.client.sync;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A socket that writes down what is asked of it. */
final class FakeSocket implements WebSocket {
  long requested;
  boolean isAborted;
  boolean isClosed;
  final List<String> texts = new ArrayList<>();
  final List<byte[]> frames = new ArrayList<>();

  /** What sending fails with; null while it works. */
  @Nullable Throwable fault;

  private CompletableFuture<WebSocket> sent() {
    return fault == null
        ? CompletableFuture.completedFuture(this)
        : CompletableFuture.failedFuture(fault);
  }

  @Override
  public void request(long n) {
    requested += n;
  }

  @Override
  public void abort() {
    isAborted = true;
  }

  @Override
  public CompletableFuture<WebSocket> sendText(CharSequence data, boolean last) {
    texts.add(data.toString());
    return sent();
  }

  @Override
  public CompletableFuture<WebSocket> sendBinary(ByteBuffer data, boolean last) {
    byte[] frame = new byte[data.remaining()];
    data.get(frame);
    frames.add(frame);
    return sent();
  }

  @Override
  public CompletableFuture<WebSocket> sendPing(ByteBuffer message) {
    throw new AssertionError("clients ping by a text");
  }

  @Override
  public CompletableFuture<WebSocket> sendPong(ByteBuffer message) {
    throw new AssertionError("the JDK answers pings");
  }

  @Override
  public CompletableFuture<WebSocket> sendClose(int code, String reason) {
    isClosed = true;
    return sent();
  }

  @Override
  public String getSubprotocol() {
    return "";
  }

  @Override
  public boolean isOutputClosed() {
    return isClosed || isAborted;
  }

  @Override
  public boolean isInputClosed() {
    return isAborted;
  }
}
