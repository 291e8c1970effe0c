package dev.gitblobs.client.sync;

import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ObjectKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts again what other devices need and this one has, because the relay no longer has it. */
final class Donor {
  private final RelaySession session;
  private final ObjectStore store;

  Donor(RelaySession session, ObjectStore store) {
    this.session = session;
    this.store = store;
  }

  /** Gives what was asked for since the last call. */
  void give() {
    List<ObjectKey> keys = session.takeNeeds();
    Map<ObjectId, byte[]> part = new LinkedHashMap<>();
    int bytes = 0;
    for (ObjectKey key : keys) {
      ObjectId id = WireObject.id(key);
      Optional<byte[]> wire =
          store.contains(id) ? store.find(id).flatMap(StoredObject::wireBytes) : Optional.empty();
      if (wire.isEmpty() || wire.get().length > Limits.OBJECT_BYTES) {
        continue;
      }
      if (bytes + wire.get().length > ObjectSender.SLICE_BYTES) {
        send(part);
        bytes = 0;
      }
      part.put(id, wire.get());
      bytes += wire.get().length;
    }
    send(part);
  }

  /** A refusal (the quota may be used up) is the other device's misfortune, not an end to ours. */
  private void send(Map<ObjectId, byte[]> part) {
    try {
      if (!part.isEmpty()) {
        ObjectSender sender = new ObjectSender(session);
        sender.send(part, List.of());
        sender.settle();
      }
    } catch (RelayRefusedException | TryLaterException e) {
      session.startOver();
    }
    part.clear();
  }
}
