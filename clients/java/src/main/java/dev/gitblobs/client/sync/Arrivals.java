package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.client.store.StoreWriter;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ObjectType;
import dev.gitblobs.protocol.ServerOp;
import dev.gitblobs.protocol.SizedKey;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes what a fetch or get brings: verifies each object and writes some megabytes at a time. The
 * store is locked for those writes only, so that others get their turn during a long download.
 */
final class Arrivals {
  /** Object bytes held in memory before they are written. */
  private static final int BATCH_BYTES = 8 << 20;

  private final ObjectStore store;
  private final SyncProgress progress;
  private final Set<ObjectId> arrived = new HashSet<>();
  private final List<StoredObject> batch = new ArrayList<>();
  private int batchBytes;

  /** Large objects under way, by key; the relay sends their parts in order. */
  private final Map<ObjectKey, ByteArrayOutputStream> unfinished = new HashMap<>();

  Arrivals(ObjectStore store, SyncProgress progress) {
    this.store = store;
    this.progress = progress;
  }

  void take(ServerOp.Objects objects) {
    List<Body> bodies = objects.bodies();
    for (int i = 0; i < bodies.size(); i++) {
      SizedKey item = objects.items().get(i);
      keep(item.key(), bodies.get(i).bytes());
    }
    progress.report(SyncProgress.Phase.RECEIVING, arrived.size() + batch.size(), 0);
  }

  void take(ServerOp.Part part) {
    ObjectKey key = new ObjectKey(part.type(), part.hash());
    if (part.offset() == 0) {
      unfinished.put(key, new ByteArrayOutputStream(part.size())); // again from the start, perhaps
    }
    ByteArrayOutputStream whole = unfinished.get(key);
    if (whole == null
        || whole.size() != part.offset()
        || part.offset() + part.len() > part.size()) {
      throw new GitBlobsException(
          "The relay sent the parts of " + WireObject.id(key) + " out of order.");
    }
    whole.writeBytes(part.body().bytes());
    if (whole.size() == part.size()) {
      unfinished.remove(key);
      keep(key, whole.toByteArray());
    }
  }

  /** What is sealed is for others: it belongs to no copy that this version can have. */
  private void keep(ObjectKey key, byte[] bytes) {
    if (key.type() == ObjectType.SEALED) {
      return;
    }
    batch.add(WireObject.read(key, bytes));
    batchBytes += bytes.length;
    if (batchBytes > BATCH_BYTES) {
      settle();
    }
  }

  /** Makes what has arrived durable and readable. */
  void settle() {
    if (batch.isEmpty()) {
      return;
    }
    try (StoreWriter writer = store.writer()) {
      batch.forEach(writer::put);
      writer.commit();
    }
    batch.forEach(object -> arrived.add(object.id()));
    batch.clear();
    batchBytes = 0;
  }

  /** Whether the object is here, from before or since. */
  boolean has(ObjectId id) {
    return arrived.contains(id) || store.contains(id);
  }

  int count() {
    return arrived.size();
  }
}
