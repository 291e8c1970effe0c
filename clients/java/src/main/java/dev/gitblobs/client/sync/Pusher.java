package dev.gitblobs.client.sync;

import dev.gitblobs.client.history.MissingSet;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.ErrorCode;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ObjectKey;
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

/**
 * Pushes a commit and what the relay lacks of its history (PROTOCOL.md 5, pushing). What is more
 * than one push may declare goes ahead in pushes that leave the ref where it is.
 */
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

  /** How often the relay may lose declared objects between their arrival and the push. */
  private static final int MAX_MISSING = 20;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final RelaySession session;
  private final ObjectStore store;
  private final SyncProgress progress;
  private final int objectsPerPush;
  private final ObjectSender sender;
  private final Map<ObjectId, byte[]> slice = new LinkedHashMap<>();
  private int sliceBytes;
  private String mid = newMid();

  /** Objects declared under the present {@code mid}. */
  private int declared;

  private long sent;

  Pusher(RelaySession session, ObjectStore store, SyncProgress progress) {
    this(session, store, progress, Limits.OBJECTS_PER_PUSH);
  }

  Pusher(RelaySession session, ObjectStore store, SyncProgress progress, int objectsPerPush) {
    this.session = session;
    this.store = store;
    this.progress = progress;
    this.objectsPerPush = objectsPerPush;
    this.sender = new ObjectSender(session);
  }

  private static String newMid() {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** Moves the relay's ref from where it stands to this commit. */
  Outcome push(Hash newHead) {
    Hash old = session.head();
    MissingSet missing = MissingSet.of(store, newHead, old == null ? List.of() : List.of(old));
    int done = 0;
    for (ObjectId id : missing.objects()) {
      Optional<byte[]> wire = store.require(id).wireBytes();
      if (wire.isEmpty()) {
        return new Outcome.Unfit(id, "it does not have its own hash; run `gitblobs graft` first");
      }
      if (wire.get().length > Limits.OBJECT_BYTES) {
        return new Outcome.Unfit(id, "it is larger than 32 MiB");
      }
      if (declared + slice.size() == objectsPerPush) {
        Outcome part = finish(old, old);
        if (!(part instanceof Outcome.Accepted)) {
          return part;
        }
        mid = newMid();
        declared = 0;
      } else if (slice.size() == Limits.OBJECTS_PER_OP
          || sliceBytes + wire.get().length > ObjectSender.SLICE_BYTES) {
        offer(List.of());
      }
      slice.put(id, wire.get());
      sliceBytes += wire.get().length;
      progress.report(SyncProgress.Phase.SENDING, done++, missing.objects().size());
    }
    Outcome outcome = finish(old, newHead);
    if (outcome instanceof Outcome.Accepted) {
      progress.report(SyncProgress.Phase.SENDING, done, done);
    }
    return outcome;
  }

  /** The last slice goes together with the push, which saves a round trip. */
  private Outcome finish(@Nullable Hash old, @Nullable Hash newHead) {
    ClientOp.Push push =
        new ClientOp.Push(
            session.newId(), mid, RelaySession.REF, hex(old), hex(newHead), null, null);
    offer(List.of(push));
    settle();
    for (int round = 0; round < MAX_MISSING; round++) {
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
        session.conflicted(old, hash == null ? null : new Hash(hash));
        return new Outcome.Overtaken();
      }
      List<ObjectKey> need = failure.need();
      if (code != ErrorCode.MISSING || need == null) {
        throw RelayRefusedException.of("push", failure);
      }
      sendAgain(need, push);
    }
    throw new dev.gitblobs.client.GitBlobsException(
        "Tried to push but the relay lost objects " + MAX_MISSING + " times. Try again later.");
  }

  private static @Nullable String hex(@Nullable Hash hash) {
    return hash == null ? null : hash.hex();
  }

  /** Sends what the relay had and lost, and the push behind it. */
  private void sendAgain(List<ObjectKey> keys, ClientOp push) {
    Map<ObjectId, byte[]> part = new LinkedHashMap<>();
    int bytes = 0;
    for (ObjectKey key : keys) {
      ObjectId id = WireObject.id(key);
      byte[] wire = store.require(id).wireBytes().orElseThrow();
      if (bytes + wire.length > ObjectSender.SLICE_BYTES) {
        sender.send(part, List.of());
        sender.settle();
        part.clear();
        bytes = 0;
      }
      part.put(id, wire);
      bytes += wire.length;
    }
    sender.send(part, List.of(push));
    sender.settle();
    sent += keys.size();
  }

  /**
   * Declares the slice and sends what is needed of it, and then the operations. The slice before is
   * on its way meanwhile: the relay answers in order.
   */
  private void offer(List<ClientOp> then) {
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
    settle();
    ServerOp answer = session.answer(have.id());
    if (answer instanceof ServerOp.Failure failure) {
      throw RelayRefusedException.of("push", failure);
    }
    if (!(answer instanceof ServerOp.Want want)) {
      throw new AssertionError("no answer to have: " + answer);
    }
    if (!want.over().isEmpty()) {
      throw new QuotaException(want.over().size());
    }
    Map<ObjectId, byte[]> needed = new LinkedHashMap<>();
    want.need().forEach(index -> needed.put(ids.get(index), slice.get(ids.get(index))));
    sender.send(needed, then);
    sent += needed.size();
    declared += slice.size();
    slice.clear();
    sliceBytes = 0;
  }

  /** Waits until what was sent is stored. */
  private void settle() {
    if (sender.settle()) {
      session.progressed();
    }
  }
}
