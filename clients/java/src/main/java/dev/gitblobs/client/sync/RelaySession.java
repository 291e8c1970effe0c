package dev.gitblobs.client.sync;

import dev.gitblobs.client.object.Hash;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.EventItem;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ObjectType;
import dev.gitblobs.protocol.Retry;
import dev.gitblobs.protocol.ServerOp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A connection after its hello: gives requests their ids, hands answers to who waits for them, and
 * deals with what the relay says unasked: events move the known head, other devices' needs are
 * noted, the token is renewed before it ends.
 */
final class RelaySession implements AutoCloseable {
  /** The ref all clients share. */
  static final String REF = "main";

  /** An answer that takes longer means the connection is dead. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RelayConnection connection;
  private final Relay relay;
  private final Runnable progress;
  private final long storeId;
  private final String epoch;
  private final Map<Long, Deque<ServerOp>> answers = new HashMap<>();

  /** Objects that other devices ask for; met when nothing else is going on. */
  private final Deque<ObjectKey> needs = new ArrayDeque<>();

  private long nextId = 1;

  /** Answers to requests before this one are of no interest any more. */
  private long oldestId;

  private long seq;
  private @Nullable Hash head;
  private @Nullable String headDevice;
  private boolean isAuthRefused;
  private final Keeping keeping;

  private RelaySession(
      RelayConnection connection, Relay relay, Runnable progress, ServerOp.Welcome welcome) {
    this.connection = connection;
    this.relay = relay;
    this.progress = progress;
    this.storeId = welcome.store();
    this.epoch = welcome.epoch();
    this.keeping = new Keeping(welcome, System::nanoTime);
    this.seq = welcome.head();
    this.head =
        welcome.refs().stream()
            .filter(ref -> ref.ref().equals(REF))
            .findFirst()
            .map(ref -> new Hash(ref.hash()))
            .orElse(null);
  }

  /**
   * Connects and says hello. The session is live from the relay's newest event on.
   *
   * @param id the store's, where it is known
   * @param progress told whenever something has arrived or gone for good
   */
  static RelaySession open(
      Relay relay, String store, @Nullable Long id, String device, Runnable progress) {
    RelayConnection connection = relay.connect(store, id);
    try {
      RelaySession session =
          new RelaySession(connection, relay, progress, greet(connection, device));
      session.keep();
      return session;
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static ServerOp.Welcome greet(RelayConnection connection, String device) {
    connection.send(List.of(new ClientOp.Hello(Limits.PROTOCOL_VERSION, device, null, null, null)));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      ServerOp op = next(connection, deadline);
      if (op instanceof ServerOp.Welcome welcome) {
        return welcome;
      }
      if (op instanceof ServerOp.Failure failure) {
        throw new RelayRefusedException("greet the relay", failure);
      }
    }
  }

  /** Asks that what was pushed goes on being kept, if it is time for that. */
  private void keep() {
    keeping
        .askIfDue(nextId)
        .ifPresent(
            renewal -> {
              nextId++;
              send(List.of(renewal));
            });
  }

  /** Until when the relay keeps what was pushed, by its own clock; null when nothing of it is. */
  @Nullable Long keptUntil() {
    return keeping.until();
  }

  /** Where the shared ref stands, as far as the relay has told; null when it is not there. */
  @Nullable Hash head() {
    return head;
  }

  /** The newest event the relay has told of. */
  long seq() {
    return seq;
  }

  /** The store that the relay has opened. */
  long storeId() {
    return storeId;
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
    if (keeping.takes(op)) {
      return;
    }
    OptionalLong id = Answers.id(op);
    if (id.isPresent() && id.getAsLong() >= oldestId) {
      answers.computeIfAbsent(id.getAsLong(), any -> new ArrayDeque<>()).add(op);
    } else if (id.isEmpty()) {
      unasked(op);
    }
  }

  /** Whatever was asked so far will be asked anew. */
  void startOver() {
    oldestId = nextId;
    answers.clear();
  }

  /** Something has arrived or gone for good. */
  void progressed() {
    progress.run();
  }

  /** Gives the relay a token other than the one it has, so that the connection outlives that. */
  void authenticate() {
    send(List.of(new ClientOp.Auth(relay.freshToken())));
  }

  /** No more answers to this request are of interest. */
  void forget(long id) {
    answers.remove(id);
  }

  /** Deals with what comes unasked for this long at most; ends early after something came. */
  void listen(Duration patience) {
    keep();
    connection.receive(patience).ifPresent(this::take);
  }

  /** What other devices asked for since the last call. */
  List<ObjectKey> takeNeeds() {
    List<ObjectKey> taken = List.copyOf(needs);
    needs.clear();
    return taken;
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
      remember(need.objects());
    } else if (op instanceof ServerOp.AuthSoon) {
      authenticate();
    } else if (op instanceof ServerOp.Authed) {
      isAuthRefused = false;
    } else if (op instanceof ServerOp.Failure failure) {
      failed(failure);
    }
    // Presence, messages, notices and the like are of no interest to an exchange.
  }

  /** A failure that answers no request is that of an {@code auth}, or of all that was sent. */
  private void failed(ServerOp.Failure failure) {
    if (failure.retry() != Retry.REAUTH) {
      throw RelayRefusedException.of("speak with the relay", failure);
    }
    if (isAuthRefused) {
      throw new ConnectionLostException(
          "The relay does not accept the login: " + failure.message() + ".",
          AfterClose.REFRESH,
          null);
    }
    isAuthRefused = true;
    authenticate();
  }

  /** The oldest give way when a device asks for more than it can have asked in earnest. */
  private void remember(List<ObjectKey> keys) {
    keys.stream().filter(key -> key.type() != ObjectType.SEALED).forEach(needs::add);
    while (needs.size() > Limits.OBJECTS_PER_PUSH) {
      needs.remove();
    }
  }

  private void see(EventItem item) {
    if (item.seq() <= seq) {
      return; // told before, by an ack or a page
    }
    seq = item.seq();
    if (item instanceof EventItem.Pushed pushed && pushed.ref().equals(REF)) {
      head = pushed.newHash() == null ? null : new Hash(pushed.newHash());
      headDevice = pushed.device();
    }
  }

  /** Which device moved the ref to where it stands, if we were there when it did. */
  @Nullable String headDevice() {
    return headDevice;
  }

  /** Our own push was acknowledged under this number. */
  void pushed(long number, @Nullable Hash newHead) {
    if (number > seq) {
      seq = number;
      head = newHead;
    }
  }

  /** The relay says that the ref does not stand where we thought; an event may have said where. */
  void conflicted(@Nullable Hash thought, @Nullable Hash current) {
    if (Objects.equals(head, thought)) {
      head = current;
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
