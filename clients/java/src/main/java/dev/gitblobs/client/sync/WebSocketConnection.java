package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.CloseCode;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.Codec;
import dev.gitblobs.protocol.Decoded;
import dev.gitblobs.protocol.FrameBatcher;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.Pong;
import dev.gitblobs.protocol.ServerOp;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A connection over a WebSocket of the JDK. Frames are sent within the relay's rate limits. */
final class WebSocketConnection implements RelayConnection {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** After so long without a byte we ask, and after as long again we give up (PROTOCOL.md 4). */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final WebSocket socket;
  private final WebSocketListener listener;
  private final Duration silence;
  private final SendRate rate = new SendRate(System::nanoTime, Pauses.REAL);
  private final Deque<ServerOp> received = new ArrayDeque<>();
  private boolean isRequested;
  private boolean isPinged;

  /** Bytes that came since the last frame or ping of ours. */
  private long unsaid;

  WebSocketConnection(WebSocket socket, WebSocketListener listener) {
    this(socket, listener, SILENCE);
  }

  WebSocketConnection(WebSocket socket, WebSocketListener listener, Duration silence) {
    this.socket = socket;
    this.listener = listener;
    this.silence = silence;
  }

  @Override
  public void send(List<? extends ClientOp> ops) {
    FrameBatcher batcher = new FrameBatcher();
    for (ClientOp op : ops) {
      batcher.add(op).ifPresent(this::sendFrame);
    }
    batcher.flush().ifPresent(this::sendFrame);
  }

  private void sendFrame(byte[] frame) {
    rate.await(frame.length);
    await(socket.sendBinary(ByteBuffer.wrap(frame), true));
  }

  @Override
  public void ping() {
    if (isPinged) {
      throw lost(1006, "the relay does not answer");
    }
    isPinged = true;
    sayPing();
  }

  private void sayPing() {
    unsaid = 0;
    await(socket.sendText(Pong.PING, true));
  }

  /** By pings the relay knows that this side still reads (PROTOCOL.md 4). */
  private void count(int bytes) {
    unsaid += bytes;
    if (unsaid >= Limits.PING_AFTER_BYTES) {
      sayPing();
    }
  }

  private void await(CompletableFuture<WebSocket> sent) {
    try {
      sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw lost(closeCode(), String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      throw lost(1006, "the relay does not read");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionLostException("Interrupted.", AfterClose.STOP, e);
    }
  }

  /** When sending fails, the reason for it may have come just before. */
  private int closeCode() {
    for (WebSocketListener.Incoming incoming : listener.queue()) {
      if (incoming instanceof WebSocketListener.Closed closed) {
        return closed.code();
      }
    }
    return 1006;
  }

  @Override
  public Optional<ServerOp> receive(Duration patience) {
    long begin = System.nanoTime();
    long asked = begin;
    while (received.isEmpty()) {
      long left = patience.toNanos() - (System.nanoTime() - begin);
      if (left <= 0) {
        return Optional.empty();
      }
      WebSocketListener.Incoming incoming = next(Math.min(left, silence.toNanos()));
      if (incoming != null) {
        take(incoming);
      } else if (isSilentSince(asked)) {
        ping();
        asked = System.nanoTime();
      }
    }
    return Optional.of(received.remove());
  }

  /** Whether nothing came for long, neither after that time nor before. */
  private boolean isSilentSince(long time) {
    long now = System.nanoTime();
    return now - time >= silence.toNanos() && now - listener.heardAt() >= silence.toNanos();
  }

  private WebSocketListener.@Nullable Incoming next(long nanos) {
    if (!isRequested) {
      isRequested = true;
      socket.request(1);
    }
    try {
      return listener.queue().poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionLostException("Interrupted.", AfterClose.STOP, e);
    }
  }

  private void take(WebSocketListener.Incoming incoming) {
    isRequested = false;
    if (incoming instanceof WebSocketListener.Closed closed) {
      throw lost(closed.code(), closed.reason());
    }
    if (incoming instanceof WebSocketListener.Text text) {
      if (Pong.decode(text.frame()).isPresent()) {
        isPinged = false;
        return;
      }
      add(Codec.decodeServer(text.frame()));
      count(text.frame().length());
    } else if (incoming instanceof WebSocketListener.Binary binary) {
      add(Codec.decodeServer(binary.frame().toByteArray()));
      count(binary.frame().size());
    }
  }

  private void add(Decoded<ServerOp> frame) {
    if (frame instanceof Decoded.Ops<ServerOp> ops) {
      received.addAll(ops.ops());
    } else if (frame instanceof Decoded.Refused<ServerOp> refused) {
      throw new ConnectionLostException(
          "The relay sent a frame that is not of the protocol: " + refused.message(),
          AfterClose.STOP,
          null);
    }
  }

  private static ConnectionLostException lost(int code, String reason) {
    String why = code + (reason.isEmpty() ? "" : ", " + reason);
    String message = "The connection to the relay is gone (" + why + ").";
    return code == CloseCode.REMOVED.code()
        ? new NoStoreException(message, NoStoreException.STORE_REMOVED)
        : new ConnectionLostException(message, CloseCode.after(code), null);
  }

  @Override
  public void close() {
    if (!socket.isOutputClosed()) {
      try {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(1, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        socket.abort(); // the other side has gone first
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    socket.abort();
  }
}
