package dev.gitblobs.client.sync;

import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ServerOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sends objects, whole or in chunks, with other operations behind them. Their answers are waited
 * for when {@link #settle} is called, so that the next objects are made ready meanwhile.
 */
final class ObjectSender {
  /** Object bytes held in memory at a time; twice as many may be on their way without an answer. */
  static final int SLICE_BYTES = 4 << 20;

  private final RelaySession session;
  private final List<Long> puts = new ArrayList<>();
  private final List<ChunkedUpload> uploads = new ArrayList<>();

  ObjectSender(RelaySession session) {
    this.session = session;
  }

  /** Sends the objects and then the operations, whose answers are left to the caller. */
  void send(Map<ObjectId, byte[]> objects, List<ClientOp> then) {
    List<ClientOp> ops = new ArrayList<>();
    for (Map.Entry<ObjectId, byte[]> object : objects.entrySet()) {
      if (object.getValue().length > Limits.PUT_BYTES) {
        uploads.add(ChunkedUpload.begin(session, object.getKey(), object.getValue()));
      } else {
        ops.add(put(session.newId(), object.getKey(), object.getValue()));
      }
    }
    ops.addAll(then);
    session.send(ops);
  }

  /**
   * Waits until all objects that were sent are stored; throws what the relay says against it.
   *
   * @return whether there were any
   */
  boolean settle() {
    boolean isAny = !uploads.isEmpty() || !puts.isEmpty();
    for (ChunkedUpload upload : uploads) {
      upload.finish();
    }
    uploads.clear();
    for (long id : puts) {
      if (session.answer(id) instanceof ServerOp.Failure failure) {
        throw RelayRefusedException.of("send an object", failure);
      }
      session.forget(id);
    }
    puts.clear();
    return isAny;
  }

  private ClientOp.Put put(long id, ObjectId object, byte[] bytes) {
    puts.add(id);
    Body body = Body.of(bytes);
    return new ClientOp.Put(
        id, WireObject.type(object.type()), object.hash().hex(), body.length(), null, body);
  }
}
