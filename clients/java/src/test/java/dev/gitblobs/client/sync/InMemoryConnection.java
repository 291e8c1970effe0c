package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.CloseCode;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.Codec;
import dev.gitblobs.protocol.Decoded;
import dev.gitblobs.protocol.FrameBatcher;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.Party;
import dev.gitblobs.protocol.ServerOp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A device's connection to an {@link InMemoryRelay}, both ends of it. Every operation passes
 * through the codec both ways.
 */
final class InMemoryConnection implements RelayConnection {
  /** Reads one connection may have in waiting, as the real hub says. */
  private static final int READS = 16;

  /**
   * An answer comes from the thread that asks, and what other devices do in moments: a client that
   * waits longer waits for nothing, and is told so at once.
   */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final InMemoryRelay relay;
  private final BlockingQueue<ServerOp> answers = new LinkedBlockingQueue<>();

  /** Reads that wait; each says whether it is done. */
  private final Deque<BooleanSupplier> reads = new ArrayDeque<>();

  private int readsInFrame;
  private volatile @Nullable AfterClose end;
  private volatile @Nullable CloseCode code;

  /** Empty before hello. */
  String device = "";

  /** What the device says it is doing, in base64. */
  @Nullable String state;

  /** Objects that others need, as it was told already. */
  final Set<ObjectKey> askedFor = new HashSet<>();

  /** Events flow as they happen; before, the device is still catching up. */
  boolean isLive;

  InMemoryConnection(InMemoryRelay relay) {
    this.relay = relay;
  }

  @Override
  public void send(List<? extends ClientOp> ops) {
    FrameBatcher batcher = new FrameBatcher();
    List<byte[]> frames = new ArrayList<>();
    ops.forEach(op -> batcher.add(op).ifPresent(frames::add));
    batcher.flush().ifPresent(frames::add);
    for (byte[] frame : frames) {
      if (!(Codec.decodeClient(frame) instanceof Decoded.Ops<ClientOp> decoded)) {
        throw new AssertionError("the client sent a frame that is not of the protocol");
      }
      readsInFrame = reads.size();
      decoded.ops().forEach(this::take);
    }
  }

  private void take(ClientOp op) {
    synchronized (relay) {
      checkEnd();
      relay.handle(this, op);
    }
  }

  /** The line is cut: what was on its way is lost. */
  void cut(AfterClose then) {
    end = then;
    answers.clear();
    reads.clear();
    relay.ended(this);
  }

  /** The relay closes it: what was sent before still arrives. */
  void close(CloseCode with) {
    if (end != null) {
      return;
    }
    code = with;
    end = with.then();
    reads.clear();
    relay.ended(this);
  }

  /** What the relay closed it with; null while it has not. */
  @Nullable CloseCode code() {
    return code;
  }

  private void checkEnd() {
    AfterClose then = end;
    if (then != null) {
      throw new ConnectionLostException("cut", then, null);
    }
  }

  void answer(ServerOp op) {
    if (end != null) {
      return;
    }
    if (!(Codec.decodeServer(Codec.encodeBinary(List.of(op)))
        instanceof Decoded.Ops<ServerOp> decoded)) {
      throw new AssertionError("this relay sent a frame that is not of the protocol: " + op);
    }
    answers.addAll(decoded.ops());
  }

  /** Reads at once where nothing waits; false when the frame asks for too many. */
  boolean read(Runnable read) {
    if (readsInFrame++ >= READS) {
      return false;
    }
    if (reads.isEmpty()) {
      read.run();
    } else {
      reads.add(
          () -> {
            read.run();
            return true;
          });
    }
    return true;
  }

  /** Reads a page of events when the device has taken all else: others may come in between. */
  boolean readLater(BooleanSupplier read) {
    return readsInFrame++ < READS && reads.add(read);
  }

  @Override
  public Optional<ServerOp> receive(Duration patience) {
    try {
      ServerOp op = answers.poll();
      if (op == null) {
        checkEnd();
        synchronized (relay) {
          readOn();
          op = answers.poll();
          relay.waited(op == null);
        }
      }
      if (op == null) {
        Duration left = patience.compareTo(PATIENCE) < 0 ? patience : PATIENCE;
        op = answers.poll(left.toNanos(), TimeUnit.NANOSECONDS);
      }
      if (op == null) {
        checkEnd();
      }
      return Optional.ofNullable(op);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void readOn() {
    while (!reads.isEmpty() && reads.element().getAsBoolean()) {
      reads.poll(); // a read that ended the connection has cleared them
    }
  }

  @Override
  public void ping() {
    checkEnd();
  }

  @Override
  public void close() {
    synchronized (relay) {
      end = AfterClose.RECONNECT;
      relay.ended(this);
    }
  }

  Party party() {
    return new Party(InMemoryRelay.MEMBER, device);
  }
}
