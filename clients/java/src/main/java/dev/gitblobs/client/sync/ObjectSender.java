package dev.gitblobs.client.sync;

import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ServerOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sends objects, whole or in chunks, with other operations behind them; waits for the answers. */
final class ObjectSender {
  /** Object bytes held in memory at a time, and on their way without an answer. */
  static final int SLICE_BYTES = 8 << 20;

  private final RelaySession session;

  ObjectSender(RelaySession session) {
    this.session = session;
  }

  /** Sends the objects and then the operations, whose answers are left to the caller. */
  void send(Map<ObjectId, byte[]> objects, List<ClientOp> then) {
    List<ClientOp> ops = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    for (Map.Entry<ObjectId, byte[]> object : objects.entrySet()) {
      if (object.getValue().length > Limits.PUT_BYTES) {
        new ChunkedUpload(session).send(object.getKey(), object.getValue());
      } else {
        ids.add(session.newId());
        ops.add(put(ids.get(ids.size() - 1), object.getKey(), object.getValue()));
      }
    }
    ops.addAll(then);
    session.send(ops);
    for (long id : ids) {
      if (session.answer(id) instanceof ServerOp.Failure failure) {
        throw RelayRefusedException.of("send an object", failure);
      }
      session.forget(id);
    }
  }

  private static ClientOp.Put put(long id, ObjectId object, byte[] bytes) {
    Body body = Body.of(bytes);
    return new ClientOp.Put(
        id, WireObject.type(object.type()), object.hash().hex(), body.length(), null, body);
  }
}
