package dev.gitblobs.client.sync;

import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.client.store.StoreWriter;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ServerOp;
import dev.gitblobs.protocol.SizedKey;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes what a fetch or get brings: verifies each object and stages it. What has arrived is made
 * durable page by page, so that a cut loses one page at most.
 */
final class Arrivals {
  private final StoreWriter writer;
  private final ObjectStore store;
  private final SyncProgress progress;
  private final Set<ObjectId> arrived = new HashSet<>();

  /** Large objects under way, by key; the relay sends their parts in order. */
  private final Map<ObjectKey, ByteArrayOutputStream> unfinished = new HashMap<>();

  Arrivals(ObjectStore store, StoreWriter writer, SyncProgress progress) {
    this.store = store;
    this.writer = writer;
    this.progress = progress;
  }

  void take(ServerOp.Objects objects) {
    List<Body> bodies = objects.bodies();
    for (int i = 0; i < bodies.size(); i++) {
      SizedKey item = objects.items().get(i);
      keep(item.key(), bodies.get(i).bytes());
    }
    progress.report(SyncProgress.Phase.RECEIVING, arrived.size(), 0);
  }

  void take(ServerOp.Part part) {
    ObjectKey key = new ObjectKey(part.type(), part.hash());
    ByteArrayOutputStream whole =
        unfinished.computeIfAbsent(key, any -> new ByteArrayOutputStream(part.size()));
    if (whole.size() != part.offset() || part.offset() + part.len() > part.size()) {
      throw new dev.gitblobs.client.GitBlobsException(
          "The relay sent the parts of " + WireObject.id(key) + " out of order.");
    }
    whole.writeBytes(part.body().bytes());
    if (whole.size() == part.size()) {
      unfinished.remove(key);
      keep(key, whole.toByteArray());
    }
  }

  private void keep(ObjectKey key, byte[] bytes) {
    StoredObject object = WireObject.read(key, bytes);
    writer.put(object);
    arrived.add(object.id());
  }

  /** Makes what has arrived durable and readable. */
  void settle() {
    writer.commit();
  }

  /** Whether the object is here, from before or since. */
  boolean has(ObjectId id) {
    return arrived.contains(id) || store.contains(id);
  }

  int count() {
    return arrived.size();
  }
}
