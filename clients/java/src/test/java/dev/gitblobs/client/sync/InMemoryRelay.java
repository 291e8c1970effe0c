package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.Codec;
import dev.gitblobs.protocol.Decoded;
import dev.gitblobs.protocol.EventItem;
import dev.gitblobs.protocol.FrameBatcher;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.Retry;
import dev.gitblobs.protocol.ServerOp;
import dev.gitblobs.protocol.SizedKey;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A relay of one store that follows PROTOCOL.md, within a test's process. Every operation passes
 * through the codec both ways. Can cut connections and forget objects.
 */
final class InMemoryRelay implements Relay {
  /** What a refused operation is answered. */
  record Refusal(String code, Retry retry, @Nullable Long afterMs) {}

  private final Map<ObjectKey, Body> objects = new LinkedHashMap<>();
  private final Map<ObjectKey, ByteArrayOutputStream> unfinished = new HashMap<>();
  private final Map<String, Set<SizedKey>> declared = new HashMap<>();
  private final Map<String, Long> acknowledged = new HashMap<>();
  private final List<EventItem.Pushed> events = new ArrayList<>();
  private final List<Connection> connections = new ArrayList<>();
  private @Nullable String head;
  private String epoch = "e1";
  private long operationsUntilCut = Long.MAX_VALUE;
  private Predicate<ClientOp> refusal = op -> false;
  private Refusal refusalCode = new Refusal("quota", Retry.NO, null);
  private int puts;
  private int roundTrips;
  private int tokens;
  private int connects;
  private int delivered;
  private int pageObjects = Integer.MAX_VALUE;
  private int objectsPerPush = Limits.OBJECTS_PER_PUSH;
  private final List<String> accepted = new ArrayList<>();
  private Runnable beforePage = () -> {};
  private @Nullable AfterClose connectEnds;

  /** Cuts the connection after so many operations, once: the last is done but never answered. */
  synchronized void cutAfter(long operations) {
    operationsUntilCut = operations;
  }

  synchronized void forget(Predicate<ObjectKey> which) {
    objects.keySet().removeIf(which);
  }

  synchronized void refuse(Predicate<ClientOp> which) {
    refuse(which, new Refusal("quota", Retry.NO, null));
  }

  synchronized void refuse(Predicate<ClientOp> which, Refusal code) {
    refusal = which;
    refusalCode = code;
  }

  /** Answers a fetch with so many objects at a time. */
  synchronized void pageOf(int objectsAtMost) {
    pageObjects = objectsAtMost;
  }

  /** Takes so many objects under one push. */
  synchronized void declareAtMost(int objectsAtMost) {
    objectsPerPush = objectsAtMost;
  }

  /** Does this before each page of a fetch. */
  synchronized void beforePage(Runnable action) {
    beforePage = action;
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
    return delivered;
  }

  synchronized @Nullable String head() {
    return head;
  }

  synchronized int puts() {
    return puts;
  }

  synchronized int roundTrips() {
    return roundTrips;
  }

  synchronized int objectCount() {
    return objects.size();
  }

  /** The store's data was put back in time: to before this event. */
  synchronized void restoreTo(long seq) {
    epoch = "e2";
    while (events.size() > seq) {
      events.remove(events.size() - 1);
    }
    head = events.isEmpty() ? null : events.get(events.size() - 1).newHash();
  }

  @Override
  public synchronized RelayConnection connect(String store) {
    connects++;
    Connection connection = new Connection();
    connections.add(connection);
    return connection;
  }

  @Override
  public synchronized String freshToken() {
    return "token-" + ++tokens;
  }

  private final class Connection implements RelayConnection {
    private final BlockingQueue<ServerOp> answers = new LinkedBlockingQueue<>();
    private volatile @Nullable AfterClose end;
    private String device = "";

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
        decoded.ops().forEach(this::take);
      }
    }

    private void take(ClientOp op) {
      synchronized (InMemoryRelay.this) {
        checkCut();
        handle(this, op);
        if (--operationsUntilCut == 0) {
          cut(AfterClose.RECONNECT);
        }
      }
    }

    private void cut(AfterClose then) {
      end = then;
      answers.clear();
    }

    private void checkCut() {
      if (end != null) {
        throw new ConnectionLostException("cut", end, null);
      }
    }

    void answer(ServerOp op) {
      if (!(Codec.decodeServer(Codec.encodeBinary(List.of(op)))
          instanceof Decoded.Ops<ServerOp> decoded)) {
        throw new AssertionError("this relay sent a frame that is not of the protocol: " + op);
      }
      answers.addAll(decoded.ops());
    }

    @Override
    public Optional<ServerOp> receive(Duration patience) {
      checkCut();
      try {
        ServerOp op = answers.poll();
        if (op == null) {
          synchronized (InMemoryRelay.this) {
            roundTrips++;
          }
          op = answers.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        }
        return Optional.ofNullable(op);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void ping() {
      checkCut();
    }

    @Override
    public void close() {
      synchronized (InMemoryRelay.this) {
        connections.remove(this);
      }
    }
  }

  private void handle(Connection from, ClientOp op) {
    if (refusal.test(op)) {
      from.answer(
          new ServerOp.Failure(
              idOf(op),
              refusalCode.code(),
              "the " + refusalCode.code() + " is used up",
              refusalCode.retry(),
              refusalCode.afterMs(),
              null,
              null,
              null));
    } else if (op instanceof ClientOp.Hello hello) {
      connections.stream()
          .filter(other -> other != from && other.device.equals(hello.device()))
          .forEach(other -> other.cut(AfterClose.STOP)); // 4409
      from.device = hello.device();
      from.answer(welcome());
      if (connectEnds != null) {
        from.cut(connectEnds);
      }
    } else if (op instanceof ClientOp.Auth auth) {
      accepted.add(auth.token());
      from.answer(new ServerOp.Authed(1));
    } else if (op instanceof ClientOp.Have have) {
      have(from, have);
    } else if (op instanceof ClientOp.Put put) {
      store(from, put.id(), new ObjectKey(put.type(), put.hash()), put.body());
    } else if (op instanceof ClientOp.Chunk chunk) {
      chunk(from, chunk);
    } else if (op instanceof ClientOp.Push push) {
      push(from, push);
    } else if (op instanceof ClientOp.Fetch fetch) {
      Set<ObjectKey> keys = new LinkedHashSet<>();
      for (EventItem.Pushed event : events) {
        if (event.seq() > fetch.after()) {
          declared.getOrDefault(event.mid(), Set.of()).forEach(key -> keys.add(key.key()));
        }
      }
      fetch(from, fetch, new ArrayList<>(keys));
    } else if (op instanceof ClientOp.Get get) {
      List<ObjectKey> gone = deliver(from, get.id(), get.objects());
      from.answer(new ServerOp.Done(get.id(), null, gone, null));
    } else if (op instanceof ClientOp.Need need) {
      List<Connection> others = connections.stream().filter(c -> c != from).toList();
      others.forEach(other -> other.answer(new ServerOp.Need(from.device, need.objects())));
      from.answer(new ServerOp.Ok(need.id(), null, null, null, (long) others.size()));
    } else {
      throw new AssertionError("not needed so far: " + op);
    }
  }

  private void fetch(Connection from, ClientOp.Fetch fetch, List<ObjectKey> keys) {
    beforePage.run();
    int start = fetch.next() == null ? 0 : Integer.parseInt(fetch.next());
    if (start > keys.size()) {
      from.answer(failure(fetch.id(), "bad_next", "no such page", Retry.NO, null));
      return;
    }
    int end = (int) Math.min(keys.size(), (long) start + pageObjects);
    List<ObjectKey> gone = deliver(from, fetch.id(), keys.subList(start, end));
    String next = end < keys.size() ? Integer.toString(end) : null;
    from.answer(new ServerOp.Done(fetch.id(), (long) events.size(), gone, next));
  }

  private static long idOf(ClientOp op) {
    if (op instanceof ClientOp.Put put) {
      return put.id();
    }
    return op instanceof ClientOp.Push push ? push.id() : 0;
  }

  private ServerOp.Welcome welcome() {
    List<ServerOp.Head> refs =
        head == null ? List.of() : List.of(new ServerOp.Head(RelaySession.REF, head));
    ServerOp.Allowance limits =
        new ServerOp.Allowance(1 << 20, 32 << 20, 65_536, 60, 60, 1 << 30, 1 << 20, 0, 0);
    return new ServerOp.Welcome(
        1, epoch, events.size(), 1, refs, limits, "ada", 0, false, ServerOp.Hole.NEW);
  }

  private void have(Connection from, ClientOp.Have have) {
    declared.computeIfAbsent(have.mid(), mid -> new LinkedHashSet<>()).addAll(have.objects());
    if (declared.get(have.mid()).size() > objectsPerPush) {
      from.answer(failure(have.id(), "too_many", "too many objects", Retry.NO, null));
      return;
    }
    List<Integer> need = new ArrayList<>();
    for (int i = 0; i < have.objects().size(); i++) {
      if (!objects.containsKey(have.objects().get(i).key())) {
        need.add(i);
      }
    }
    from.answer(new ServerOp.Want(have.id(), need, List.of()));
  }

  private void store(Connection from, long id, ObjectKey key, Body body) {
    if (!body.sha256().equals(key.hash())) {
      from.answer(failure(id, "hash_mismatch", "wrong bytes", Retry.NO, null));
      return;
    }
    boolean isNew = objects.put(key, body) == null;
    puts += isNew ? 1 : 0;
    ServerOp.Stored state = isNew ? ServerOp.Stored.STORED : ServerOp.Stored.KNOWN;
    from.answer(new ServerOp.Ok(id, state, 1L, null, null));
  }

  private void chunk(Connection from, ClientOp.Chunk chunk) {
    ObjectKey key = new ObjectKey(chunk.type(), chunk.hash());
    ByteArrayOutputStream whole =
        unfinished.computeIfAbsent(key, any -> new ByteArrayOutputStream());
    if (chunk.offset() == whole.size()) {
      whole.writeBytes(chunk.body().bytes());
    }
    if (whole.size() == chunk.size()) {
      unfinished.remove(key);
      objects.put(key, Body.of(whole.toByteArray()));
      puts++;
      from.answer(new ServerOp.Ok(chunk.id(), ServerOp.Stored.STORED, 1L, whole.size(), null));
    } else {
      from.answer(new ServerOp.Ok(chunk.id(), null, null, whole.size(), null));
    }
  }

  private void push(Connection from, ClientOp.Push push) {
    Long seq = acknowledged.get(push.mid());
    Set<SizedKey> keys = declared.getOrDefault(push.mid(), Set.of());
    List<ObjectKey> missing =
        keys.stream().map(SizedKey::key).filter(key -> !objects.containsKey(key)).toList();
    if (seq != null) {
      from.answer(new ServerOp.Ack(push.id(), push.mid(), seq));
    } else if (!java.util.Objects.equals(push.oldHash(), head)) {
      from.answer(failure(push.id(), "ref_conflict", "moved", Retry.REPULL, null));
    } else if (!missing.isEmpty()) {
      from.answer(failure(push.id(), "missing", "not there", Retry.NOW, missing));
    } else {
      head = push.newHash();
      EventItem.Pushed event =
          new EventItem.Pushed(
              events.size() + 1L,
              0,
              from.device,
              push.mid(),
              push.ref(),
              push.oldHash(),
              push.newHash(),
              keys.size(),
              0);
      events.add(event);
      acknowledged.put(push.mid(), event.seq());
      from.answer(new ServerOp.Ack(push.id(), push.mid(), event.seq()));
      connections.stream().filter(c -> c != from).forEach(c -> c.answer(new ServerOp.Event(event)));
    }
  }

  private ServerOp.Failure failure(
      long id, String code, String message, Retry retry, @Nullable List<ObjectKey> need) {
    ServerOp.Current current = code.equals("ref_conflict") ? new ServerOp.Current(head) : null;
    return new ServerOp.Failure(id, code, message, retry, null, current, need, null);
  }

  /** Sends what is there; returns what is gone. */
  private List<ObjectKey> deliver(Connection to, long id, Iterable<ObjectKey> keys) {
    List<ObjectKey> gone = new ArrayList<>();
    for (ObjectKey key : keys) {
      Body body = objects.get(key);
      delivered += body == null ? 0 : 1;
      if (body == null) {
        gone.add(key);
      } else if (body.length() > Limits.PUT_BYTES) {
        for (int at = 0; at < body.length(); at += Limits.CHUNK_BYTES) {
          Body part = body.slice(at, Math.min(body.length(), at + Limits.CHUNK_BYTES));
          to.answer(
              new ServerOp.Part(
                  id, key.type(), key.hash(), body.length(), at, part.length(), part));
        }
      } else {
        SizedKey item = new SizedKey(key.type(), key.hash(), body.length());
        to.answer(new ServerOp.Objects(id, List.of(item), body));
      }
    }
    return gone;
  }
}
