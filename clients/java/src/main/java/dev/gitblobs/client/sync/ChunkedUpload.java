package dev.gitblobs.client.sync;

import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ServerOp;
import java.util.List;

/** Sends an object too large for one frame, from where an earlier try was cut (PROTOCOL.md 5). */
final class ChunkedUpload {
  private final RelaySession session;

  ChunkedUpload(RelaySession session) {
    this.session = session;
  }

  void send(ObjectId object, byte[] bytes) {
    Body whole = Body.of(bytes);
    int upto = 0;
    while (upto < bytes.length) {
      Body body = whole.slice(upto, Math.min(bytes.length, upto + Limits.CHUNK_BYTES));
      long id = session.newId();
      session.send(
          List.of(
              new ClientOp.Chunk(
                  id,
                  WireObject.type(object.type()),
                  object.hash().hex(),
                  bytes.length,
                  upto,
                  body.length(),
                  null,
                  body)));
      upto = reached(session.answer(id), upto);
    }
  }

  /** The relay says how far it has come; anything but progress is a refusal. */
  private static int reached(ServerOp answer, int before) {
    if (answer instanceof ServerOp.Ok ok) {
      Integer upto = ok.upto();
      return upto == null || upto <= before ? Integer.MAX_VALUE : upto;
    }
    if (answer instanceof ServerOp.Failure failure) {
      Integer upto = failure.upto();
      if (upto != null && upto != before) {
        return upto;
      }
      throw RelayRefusedException.of("send a large object", failure);
    }
    throw new AssertionError("an answer to nothing: " + answer);
  }
}
