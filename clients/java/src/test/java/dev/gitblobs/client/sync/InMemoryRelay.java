package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.CloseCode;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.ErrorCode;
import dev.gitblobs.protocol.EventItem;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.Retry;
import dev.gitblobs.protocol.ServerOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A relay of one store, within a test's process. It is held against the real one by {@code
 * relay-contract.json}; apart from the faults that a test asks for it does nothing that the real
 * one does not.
 */
final class InMemoryRelay implements Relay {
  /** What a refused operation is answered. */
  record Refusal(String code, Retry retry, @Nullable Long afterMs) {}

  /** A token of another user. */
  /** Whose devices they are. */
  static final String MEMBER = "usr-ada";

  static final String FOREIGN_TOKEN = "token-of-another-user";

  /** Until when what was pushed is kept: time stands still here. */
  private static final Long KEPT_UNTIL = 1_700_000_060_000L;

  private InMemoryObjects objects = new InMemoryObjects();
  private InMemoryEvents events = new InMemoryEvents();
  private InMemoryMail mail = new InMemoryMail();
  private final List<InMemoryConnection> connections = new ArrayList<>();
  private final InMemoryReads reads = new InMemoryReads();

  /** Holds pages of events back. */
  final InMemoryPageGate gate = new InMemoryPageGate();

  private int epochs = 1;
  private final InMemoryRegistry registry = new InMemoryRegistry();
  private boolean isPushed;
  private int failingPushes;
  private long operationsUntilCut = Long.MAX_VALUE;
  private Predicate<ClientOp> refusal = op -> false;
  private Refusal refusalCode = new Refusal("quota", Retry.NO, null);
  private int roundTrips;
  private int tokens;
  private int connects;
  private int objectsPerPush = Limits.OBJECTS_PER_PUSH;
  private final List<String> accepted = new ArrayList<>();
  private @Nullable AfterClose connectEnds;

  /** Cuts the connection after so many operations, once: the last is done but never answered. */
  synchronized void cutAfter(long operations) {
    operationsUntilCut = operations;
  }

  /** These objects have expired. */
  synchronized void forget(Predicate<ObjectKey> which) {
    objects.forget(which);
  }

  /** The events up to this one have expired. */
  synchronized void expireEvents(long upto) {
    events.expire(upto);
  }

  synchronized void refuse(Predicate<ClientOp> which) {
    refuse(which, new Refusal("quota", Retry.NO, null));
  }

  synchronized void refuse(Predicate<ClientOp> which, Refusal code) {
    refusal = which;
    refusalCode = code;
  }

  /** The database does not answer the next push. */
  synchronized void failPush() {
    failingPushes++;
  }

  /** Answers a fetch with so many objects at a time. */
  synchronized void pageOf(int objectsAtMost) {
    reads.pageOf(objectsAtMost);
  }

  /** Takes so many objects under one push. */
  synchronized void declareAtMost(int objectsAtMost) {
    objectsPerPush = objectsAtMost;
  }

  /** Does this before each page of a fetch. */
  synchronized void beforePage(Runnable action) {
    reads.beforePage(action);
  }

  /** Ends every connection right after its hello; null to let them live. */
  synchronized void endConnections(@Nullable AfterClose then) {
    connectEnds = then;
  }

  /** Tells every connection that its token is about to expire. */
  synchronized void sayAuthSoon() {
    connections.forEach(connection -> connection.answer(new ServerOp.AuthSoon(1)));
  }

  /** The tokens that connections were renewed with. */
  synchronized List<String> accepted() {
    return List.copyOf(accepted);
  }

  synchronized int tokens() {
    return tokens;
  }

  synchronized int connects() {
    return connects;
  }

  /** Objects sent to devices so far. */
  synchronized int delivered() {
    return reads.delivered();
  }

  synchronized @Nullable String head() {
    return events.ref(RelaySession.REF);
  }

  synchronized int puts() {
    return objects.stored();
  }

  synchronized int roundTrips() {
    return roundTrips;
  }

  synchronized int objectCount() {
    return objects.count();
  }

  /** The store's data was put back in time: to before this event. */
  synchronized void restoreTo(long seq) {
    events.restoreTo(seq);
    epochs++;
    closeAll(CloseCode.RESTART);
  }

  /** The store was removed. */
  synchronized void remove() {
    registry.remove();
    closeAll(CloseCode.REMOVED);
  }

  @Override
  public synchronized MadeStore make(String store) {
    boolean isMade = registry.make();
    if (isMade) {
      objects = new InMemoryObjects();
      events = new InMemoryEvents();
      mail = new InMemoryMail();
      isPushed = false;
      epochs++;
    }
    return new MadeStore(registry.id(), epoch(), isMade);
  }

  private void closeAll(CloseCode code) {
    List.copyOf(connections).forEach(connection -> connection.close(code));
  }

  @Override
  public synchronized InMemoryConnection connect(String store, @Nullable Long id) {
    connects++;
    registry.check(id);
    InMemoryConnection connection = new InMemoryConnection(this);
    connections.add(connection);
    return connection;
  }

  @Override
  public synchronized String freshToken() {
    return "token-" + ++tokens;
  }

  /** A device took what there was; {@code isForMore} if it has to wait for the rest. */
  void waited(boolean isForMore) {
    roundTrips += isForMore ? 1 : 0;
  }

  /** A connection has ended, from either side. */
  synchronized void ended(InMemoryConnection connection) {
    if (connections.remove(connection) && !connection.device.isEmpty()) {
      tellPresence();
    }
  }

  /** Takes an operation of a device. */
  void handle(InMemoryConnection from, ClientOp op) {
    if (refusal.test(op)) {
      String message = "the " + refusalCode.code() + " is used up";
      from.answer(
          new ServerOp.Failure(
              Failures.idOf(op),
              refusalCode.code(),
              message,
              refusalCode.retry(),
              refusalCode.afterMs(),
              null,
              null,
              null));
    } else if (from.device.isEmpty() && !(op instanceof ClientOp.Hello)) {
      from.answer(Failures.of(Failures.idOf(op), ErrorCode.HELLO_FIRST));
      from.close(CloseCode.PROTOCOL);
    } else {
      perform(from, op);
    }
    if (--operationsUntilCut == 0) {
      from.cut(AfterClose.RECONNECT);
    }
  }

  private void perform(InMemoryConnection from, ClientOp op) {
    if (op instanceof ClientOp.Hello hello) {
      greet(from, hello);
    } else if (op instanceof ClientOp.Auth auth) {
      from.answer(renew(auth));
    } else if (op instanceof ClientOp.Have have) {
      from.answer(have(from.device, have));
    } else if (op instanceof ClientOp.Put put) {
      stored(from, new ObjectKey(put.type(), put.hash()), objects.put(put));
    } else if (op instanceof ClientOp.Chunk chunk) {
      stored(from, new ObjectKey(chunk.type(), chunk.hash()), objects.chunk(chunk));
    } else if (op instanceof ClientOp.Push push) {
      push(from, push);
    } else if (op instanceof ClientOp.Send send) {
      send(from, send);
    } else if (op instanceof ClientOp.Fetch fetch) {
      answerIfTooMany(from, fetch.id(), from.read(() -> reads.fetch(events, objects, from, fetch)));
    } else if (op instanceof ClientOp.Get get) {
      answerIfTooMany(from, get.id(), from.read(() -> reads.get(objects, from, get)));
    } else if (op instanceof ClientOp.Pull pull) {
      InMemoryEventPage page = page(from, pull.id(), pull.after(), pull.limit());
      answerIfTooMany(from, pull.id(), from.readLater(page));
    } else if (op instanceof ClientOp.Need need) {
      from.answer(mail.need(from.device, need, others(from)));
    } else if (op instanceof ClientOp.Renew renew) {
      from.answer(new ServerOp.Ok(renew.id(), null, KEPT_UNTIL, null, null));
    } else if (op instanceof ClientOp.Presence presence) {
      from.state = presence.state();
      tellPresence();
    } else {
      throw new AssertionError(op);
    }
  }

  private static void answerIfTooMany(InMemoryConnection from, long id, boolean isTaken) {
    if (!isTaken) {
      from.answer(Failures.later(id, ErrorCode.FLOOD));
    }
  }

  private void greet(InMemoryConnection from, ClientOp.Hello hello) {
    if (!from.device.isEmpty()) {
      from.answer(Failures.of(null, ErrorCode.HELLO_TWICE));
      return;
    }
    if (hello.proto() != Limits.PROTOCOL_VERSION) {
      from.answer(Failures.of(null, ErrorCode.UNSUPPORTED_VERSION));
      from.close(CloseCode.VERSION);
      return;
    }
    List.copyOf(connections).stream()
        .filter(other -> other.device.equals(hello.device()))
        .forEach(other -> other.close(CloseCode.REPLACED));
    from.device = hello.device();
    ServerOp.Hole hole = holeOf(hello);
    Long after = hello.after();
    boolean isReplayed = after != null && (hole == null || hole == ServerOp.Hole.EXPIRED);
    from.isLive = !isReplayed;
    from.answer(welcome(hole));
    tellPresence();
    if (isReplayed) {
      from.readLater(page(from, null, Objects.requireNonNull(after), Limits.EVENTS_PER_PAGE));
    }
    if (connectEnds != null) {
      from.cut(connectEnds);
    }
  }

  private ServerOp.@Nullable Hole holeOf(ClientOp.Hello hello) {
    Long after = hello.after();
    if (after == null) {
      return ServerOp.Hole.NEW;
    }
    if (hello.epoch() != null && !hello.epoch().equals(epoch())) {
      return ServerOp.Hole.EPOCH;
    }
    if (after > events.head()) {
      return ServerOp.Hole.AHEAD;
    }
    return after + 1 < events.oldest() ? ServerOp.Hole.EXPIRED : null;
  }

  private String epoch() {
    return "e" + epochs;
  }

  private ServerOp.Welcome welcome(ServerOp.@Nullable Hole hole) {
    ServerOp.Allowance limits =
        new ServerOp.Allowance(
            1 << 20, 32 << 20, 65_536, 60, 60, 1 << 30, 1 << 20, 0, 0, 1, 1, 1, 1);
    return new ServerOp.Welcome(
        1,
        registry.id(),
        epoch(),
        null,
        events.head(),
        events.oldest(),
        events.refs(),
        limits,
        MEMBER,
        "ada",
        KEPT_UNTIL - 60_000,
        isPushed ? KEPT_UNTIL : null,
        hole == null,
        hole);
  }

  private InMemoryEventPage page(InMemoryConnection to, @Nullable Long id, long after, int limit) {
    return new InMemoryEventPage(events, gate, to, id, after, limit);
  }

  private ServerOp renew(ClientOp.Auth auth) {
    if (auth.token().equals(FOREIGN_TOKEN)) {
      return Failures.of(null, ErrorCode.FORBIDDEN);
    }
    boolean isGood = false;
    for (int token = 1; token <= tokens; token++) {
      isGood |= auth.token().equals("token-" + token);
    }
    if (!isGood) {
      return Failures.of(null, ErrorCode.BAD_TOKEN);
    }
    accepted.add(auth.token());
    return new ServerOp.Authed(1);
  }

  private ServerOp have(String device, ClientOp.Have have) {
    if (!objects.haveSizes(have.objects())) {
      return Failures.of(have.id(), ErrorCode.SIZE_MISMATCH);
    }
    if (!events.declare(device, have, objectsPerPush)) {
      return Failures.of(have.id(), ErrorCode.TOO_MANY);
    }
    List<Integer> need = new ArrayList<>();
    for (int i = 0; i < have.objects().size(); i++) {
      if (!objects.contains(have.objects().get(i).key())) {
        need.add(i);
      }
    }
    return new ServerOp.Want(have.id(), need, List.of());
  }

  private void stored(InMemoryConnection from, ObjectKey key, ServerOp answer) {
    from.answer(answer);
    if (answer instanceof ServerOp.Ok ok && ok.state() != null) {
      mail.tellWhoNeeds(key, greeted());
    }
  }

  private void push(InMemoryConnection from, ClientOp.Push push) {
    if (failingPushes > 0) {
      failingPushes--;
      from.answer(Failures.later(push.id(), ErrorCode.UNAVAILABLE));
      return;
    }
    InMemoryEvents.Published published = events.push(from.device, push, objects);
    isPushed |= published.event() != null;
    publish(from, push.id(), push.mid(), published);
  }

  private void send(InMemoryConnection from, ClientOp.Send send) {
    if (Boolean.TRUE.equals(send.keep())) {
      publish(from, send.id(), send.mid(), events.keep(from.device, send));
    } else {
      from.answer(mail.send(from.device, send, others(from)));
    }
  }

  /** The sender gets its ack in the event's place; who still catches up reads it on a page. */
  private void publish(
      InMemoryConnection from, long id, String mid, InMemoryEvents.Published published) {
    EventItem event = published.event();
    if (event == null) {
      from.answer(Objects.requireNonNull(published.refusal()));
      return;
    }
    from.answer(new ServerOp.Ack(id, mid, event.seq()));
    for (InMemoryConnection other : published.isNew() ? greeted() : List.<InMemoryConnection>of()) {
      if (other != from && other.isLive) {
        other.answer(new ServerOp.Event(InMemoryEvents.seenBy(event, other.device)));
      }
    }
  }

  private List<InMemoryConnection> greeted() {
    return connections.stream().filter(one -> !one.device.isEmpty()).toList();
  }

  private List<InMemoryConnection> others(InMemoryConnection than) {
    return greeted().stream().filter(one -> one != than).toList();
  }

  private void tellPresence() {
    List<ServerOp.Present> devices =
        greeted().stream()
            .map(one -> new ServerOp.Present(MEMBER, one.device, 0, one.state))
            .toList();
    greeted().forEach(one -> one.answer(new ServerOp.Presence(devices)));
  }
}
