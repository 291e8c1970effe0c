package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.ErrorCode;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ServerOp;
import dev.gitblobs.protocol.SizedKey;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The objects of an {@link InMemoryRelay}, and the pieces of those that are not whole yet. */
final class InMemoryObjects {
  private record Unfinished(int size, ByteArrayOutputStream bytes) {}

  private final Map<ObjectKey, Body> objects = new LinkedHashMap<>();
  private final Map<ObjectKey, Unfinished> unfinished = new HashMap<>();
  private int stored;

  /** The object's bytes; null when it is not there or has expired. */
  @Nullable Body find(ObjectKey key) {
    return objects.get(key);
  }

  boolean contains(ObjectKey key) {
    return objects.containsKey(key);
  }

  /** Whether those that are there have the sizes that a list says. */
  boolean haveSizes(List<SizedKey> list) {
    return list.stream()
        .allMatch(
            key -> {
              Body body = objects.get(key.key());
              return body == null || body.length() == key.size();
            });
  }

  int count() {
    return objects.size();
  }

  /** Objects that were new when they came. */
  int stored() {
    return stored;
  }

  /** These objects have expired. */
  void forget(Predicate<ObjectKey> which) {
    objects.keySet().removeIf(which);
  }

  ServerOp put(ClientOp.Put put) {
    ObjectKey key = new ObjectKey(put.type(), put.hash());
    if (!put.body().sha256().equals(put.hash())) {
      return Failures.of(put.id(), ErrorCode.HASH_MISMATCH);
    }
    return new ServerOp.Ok(put.id(), keep(key, put.body()), 1L, null, null);
  }

  ServerOp chunk(ClientOp.Chunk chunk) {
    ObjectKey key = new ObjectKey(chunk.type(), chunk.hash());
    Body whole = objects.get(key);
    Unfinished begun =
        unfinished.getOrDefault(key, new Unfinished(chunk.size(), new ByteArrayOutputStream()));
    int size = whole == null ? begun.size() : whole.length();
    if (chunk.offset() + chunk.len() > chunk.size() || size != chunk.size()) {
      return Failures.of(chunk.id(), ErrorCode.SIZE_MISMATCH);
    }
    if (whole != null) {
      return new ServerOp.Ok(chunk.id(), ServerOp.Stored.KNOWN, 1L, size, null);
    }
    if (chunk.offset() > begun.bytes().size()) {
      return Failures.badOffset(chunk.id(), begun.bytes().size());
    }
    if (chunk.offset() == begun.bytes().size()) {
      begun.bytes().writeBytes(chunk.body().bytes());
      unfinished.put(key, begun);
    }
    if (begun.bytes().size() < size) {
      return new ServerOp.Ok(chunk.id(), null, null, begun.bytes().size(), null);
    }
    unfinished.remove(key);
    Body body = Body.of(begun.bytes().toByteArray());
    if (!body.sha256().equals(chunk.hash())) {
      return Failures.of(chunk.id(), ErrorCode.HASH_MISMATCH);
    }
    return new ServerOp.Ok(chunk.id(), keep(key, body), 1L, size, null);
  }

  private ServerOp.Stored keep(ObjectKey key, Body body) {
    boolean isNew = objects.put(key, body) == null;
    stored += isNew ? 1 : 0;
    return isNew ? ServerOp.Stored.STORED : ServerOp.Stored.KNOWN;
  }
}
