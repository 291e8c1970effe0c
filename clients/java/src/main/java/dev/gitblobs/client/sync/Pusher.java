package dev.gitblobs.client.sync;

import dev.gitblobs.client.history.MissingSet;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.ErrorCode;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.Retry;
import dev.gitblobs.protocol.ServerOp;
import dev.gitblobs.protocol.SizedKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pushes a commit and what the relay lacks of its history (PROTOCOL.md 5, pushing). */
final class Pusher {
  /** How a push ends. */
  sealed interface Outcome {
    /** It is durable. */
    record Accepted(long objectsSent) implements Outcome {}

    /** Somebody else was faster; {@link RelaySession#head} knows where the ref stands now. */
    record Overtaken() implements Outcome {}

    /** An object cannot travel: a shallow root, or larger than the relay takes. */
    record Unfit(ObjectId object, String reason) implements Outcome {}
  }

  /** Object bytes held in memory at a time, and on their way without an answer. */
  private static final int SLICE_BYTES = 8 << 20;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final RelaySession session;
  private final ObjectStore store;
  private final SyncProgress progress;
  private final String mid;
  private long sent;

  Pusher(RelaySession session, ObjectStore store, SyncProgress progress) {
    this.session = session;
    this.store = store;
    this.progress = progress;
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    this.mid = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** Moves the relay's ref from where it stands to this commit. */
  Outcome push(Hash newHead) {
    Hash old = session.head();
    MissingSet missing = MissingSet.of(store, newHead, old == null ? List.of() : List.of(old));
    Map<ObjectId, byte[]> slice = new LinkedHashMap<>();
    int bytes = 0;
    int done = 0;
    for (ObjectId id : missing.objects()) {
      Optional<byte[]> wire = store.require(id).wireBytes();
      if (wire.isEmpty()) {
        return new Outcome.Unfit(id, "it does not have its own hash; run `gitblobs graft` first");
      }
      if (wire.get().length > Limits.OBJECT_BYTES) {
        return new Outcome.Unfit(id, "it is larger than 32 MiB");
      }
      if (slice.size() == Limits.OBJECTS_PER_OP || bytes + wire.get().length > SLICE_BYTES) {
        done += slice.size();
        offer(slice, List.of());
        slice.clear();
        bytes = 0;
        progress.report(SyncProgress.Phase.SENDING, done, missing.objects().size());
      }
      slice.put(id, wire.get());
      bytes += wire.get().length;
    }
    return finish(slice, old, newHead);
  }

  /** The last slice goes together with the push, which saves a round trip. */
  private Outcome finish(Map<ObjectId, byte[]> slice, @Nullable Hash old, Hash newHead) {
    ClientOp.Push push =
        new ClientOp.Push(
            session.newId(),
            mid,
            RelaySession.REF,
            old == null ? null : old.hex(),
            newHead.hex(),
            null);
    offer(slice, List.of(push));
    while (true) {
      ServerOp op = session.answer(push.id());
      if (op instanceof ServerOp.Ack ack) {
        session.pushed(ack.seq(), newHead);
        return new Outcome.Accepted(sent);
      }
      if (!(op instanceof ServerOp.Failure failure)) {
        throw new AssertionError("no answer to a push: " + op);
      }
      ErrorCode code = failure.known().orElse(ErrorCode.INTERNAL);
      if (code == ErrorCode.REF_CONFLICT) {
        ServerOp.Current current = failure.current();
        String hash = current == null ? null : current.hash();
        session.moved(hash == null ? null : new Hash(hash));
        return new Outcome.Overtaken();
      }
      if (code != ErrorCode.MISSING || failure.need() == null) {
        throw refused("push", failure);
      }
      Map<ObjectId, byte[]> again = new LinkedHashMap<>();
      failure.need().forEach(key -> again.put(WireObject.id(key), bytes(WireObject.id(key))));
      sendAll(again, List.of(push));
    }
  }

  /** A refusal for good, or a reason to come back later with the same. */
  static RuntimeException refused(String tried, ServerOp.Failure failure) {
    return failure.retry() == Retry.AFTER
        ? new ConnectionLostException(
            "Tried to " + tried + " but the relay says: " + failure.message() + ".",
            AfterClose.RECONNECT,
            null)
        : new RelayRefusedException(tried, failure);
  }

  private byte[] bytes(ObjectId id) {
    return store.require(id).wireBytes().orElseThrow();
  }

  /** Declares the slice and sends what is needed of it. */
  private void offer(Map<ObjectId, byte[]> slice, List<ClientOp> then) {
    if (slice.isEmpty()) {
      session.send(then);
      return;
    }
    List<SizedKey> keys = new ArrayList<>();
    List<ObjectId> ids = new ArrayList<>(slice.keySet());
    slice.forEach(
        (id, bytes) ->
            keys.add(new SizedKey(WireObject.type(id.type()), id.hash().hex(), bytes.length)));
    ClientOp.Have have = new ClientOp.Have(session.newId(), mid, keys);
    session.send(List.of(have));
    ServerOp answer = session.answer(have.id());
    if (answer instanceof ServerOp.Failure failure) {
      throw refused("push", failure);
    }
    if (!(answer instanceof ServerOp.Want want)) {
      throw new AssertionError("no answer to have: " + answer);
    }
    if (!want.over().isEmpty()) {
      throw new QuotaException(want.over().size());
    }
    Map<ObjectId, byte[]> needed = new LinkedHashMap<>();
    want.need().forEach(index -> needed.put(ids.get(index), slice.get(ids.get(index))));
    sendAll(needed, then);
  }

  /** Sends objects and then the operations; waits for the objects' answers. */
  private void sendAll(Map<ObjectId, byte[]> objects, List<ClientOp> then) {
    List<ClientOp> ops = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    for (Map.Entry<ObjectId, byte[]> object : objects.entrySet()) {
      if (object.getValue().length > Limits.PUT_BYTES) {
        new ChunkedUpload(session).send(object.getKey(), object.getValue());
      } else {
        Body body = Body.of(object.getValue());
        ids.add(session.newId());
        ops.add(
            new ClientOp.Put(
                ids.get(ids.size() - 1),
                WireObject.type(object.getKey().type()),
                object.getKey().hash().hex(),
                body.length(),
                null,
                body));
      }
    }
    ops.addAll(then);
    session.send(ops);
    for (long id : ids) {
      if (session.answer(id) instanceof ServerOp.Failure failure) {
        throw refused("send an object", failure);
      }
      session.forget(id);
    }
    sent += objects.size();
  }
}
