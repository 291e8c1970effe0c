package dev.gitblobs.client.sync;

import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.EventItem;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.Retry;
import dev.gitblobs.protocol.ServerOp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A connection after its hello: gives requests their ids, hands answers to who waits for them, and
 * deals with what the relay says unasked (events move the known head, other devices' needs are
 * met).
 */
final class RelaySession implements AutoCloseable {
  /** The ref all clients share. */
  static final String REF = "main";

  /** An answer that takes longer means the connection is dead. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RelayConnection connection;
  private final ObjectStore store;
  private final String epoch;
  private final Map<Long, Deque<ServerOp>> answers = new HashMap<>();
  private long nextId = 1;
  private long seq;
  private @Nullable Hash head;

  private RelaySession(RelayConnection connection, ObjectStore store, ServerOp.Welcome welcome) {
    this.connection = connection;
    this.store = store;
    this.epoch = welcome.epoch();
    this.seq = welcome.head();
    this.head =
        welcome.refs().stream()
            .filter(ref -> ref.ref().equals(REF))
            .findFirst()
            .map(ref -> new Hash(ref.hash()))
            .orElse(null);
  }

  /** Says hello on a new connection. It is live from the relay's newest event on. */
  static RelaySession open(RelayConnection connection, ObjectStore store, String device) {
    connection.send(List.of(new ClientOp.Hello(Limits.PROTOCOL_VERSION, device, null, null)));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      ServerOp op = next(connection, deadline);
      if (op instanceof ServerOp.Welcome welcome) {
        return new RelaySession(connection, store, welcome);
      }
      if (op instanceof ServerOp.Failure failure) {
        throw new RelayRefusedException("greet the relay", failure);
      }
    }
  }

  /** Where the shared ref stands, as far as the relay has told; null when it is not there. */
  @Nullable Hash head() {
    return head;
  }

  /** The newest event the relay has told of. */
  long seq() {
    return seq;
  }

  String epoch() {
    return epoch;
  }

  long newId() {
    return nextId++;
  }

  void send(List<? extends ClientOp> ops) {
    connection.send(ops);
  }

  RelayConnection connection() {
    return connection;
  }

  /** The next answer to this request; answers to others are kept for who asks for them. */
  ServerOp answer(long id) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Deque<ServerOp> kept = answers.get(id);
      if (kept != null && !kept.isEmpty()) {
        return kept.remove();
      }
      take(next(connection, deadline));
    }
  }

  private void take(ServerOp op) {
    OptionalLong id = Answers.id(op);
    if (id.isPresent()) {
      answers.computeIfAbsent(id.getAsLong(), any -> new ArrayDeque<>()).add(op);
    } else {
      unasked(op);
    }
  }

  /** No more answers to this request are of interest. */
  void forget(long id) {
    answers.remove(id);
  }

  /** Deals with what comes unasked for this long at most; ends early after something came. */
  boolean listen(Duration patience) {
    Optional<ServerOp> op = connection.receive(patience);
    op.ifPresent(this::take);
    return op.isPresent();
  }

  private static ServerOp next(RelayConnection connection, long deadline) {
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    return connection
        .receive(left)
        .orElseThrow(
            () ->
                new ConnectionLostException(
                    "The relay did not answer within " + PATIENCE.toSeconds() + " s.",
                    AfterClose.RECONNECT,
                    null));
  }

  private void unasked(ServerOp op) {
    if (op instanceof ServerOp.Event event) {
      see(event.item());
    } else if (op instanceof ServerOp.Need need) {
      meet(need.objects());
    } else if (op instanceof ServerOp.Failure failure) {
      if (failure.retry() == Retry.NO) {
        throw new RelayRefusedException("speak with the relay", failure);
      }
      throw new ConnectionLostException(
          "The relay asks for a pause: " + failure.message() + ".", AfterClose.RECONNECT, null);
    }
    // Presence, messages, notices and the like are of no interest to an exchange.
  }

  private void see(EventItem item) {
    seq = item.seq();
    if (item instanceof EventItem.Pushed pushed && pushed.ref().equals(REF)) {
      head = pushed.newHash() == null ? null : new Hash(pushed.newHash());
    }
  }

  /** Our own push was acknowledged under this number. */
  void pushed(long number, Hash newHead) {
    seq = Math.max(seq, number);
    head = newHead;
  }

  /** The relay says that the ref stands elsewhere than we thought. */
  void moved(@Nullable Hash current) {
    head = current;
  }

  /** Puts what another device asks for and we have; answers to id 0 are of no interest. */
  private void meet(List<ObjectKey> keys) {
    List<ClientOp> puts = new ArrayList<>();
    for (ObjectKey key : keys) {
      ObjectId id = WireObject.id(key);
      Optional<byte[]> bytes =
          store.contains(id) ? store.find(id).flatMap(StoredObject::wireBytes) : Optional.empty();
      bytes
          .filter(b -> b.length <= Limits.PUT_BYTES)
          .ifPresent(b -> puts.add(ClientOp.Put.of(0, key.type(), Body.of(b))));
    }
    if (!puts.isEmpty()) {
      connection.send(puts);
    }
    forget(0);
  }

  @Override
  public void close() {
    connection.close();
  }
}
