package dev.gitblobs.client.sync;

import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ServerOp;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Sends an object too large for one frame, from where an earlier try was cut (PROTOCOL.md 5). */
final class ChunkedUpload {
  /** Chunks on their way without an answer. */
  private static final int AHEAD = 4;

  private final RelaySession session;
  private final ObjectId object;
  private final Body whole;
  private final Deque<ClientOp.Chunk> unanswered = new ArrayDeque<>();

  private ChunkedUpload(RelaySession session, ObjectId object, byte[] bytes) {
    this.session = session;
    this.object = object;
    this.whole = Body.of(bytes);
  }

  /**
   * Sends as much as may be on its way. What is sent behind an object of more than that waits until
   * the relay has it.
   */
  static ChunkedUpload begin(RelaySession session, ObjectId object, byte[] bytes) {
    ChunkedUpload upload = new ChunkedUpload(session, object, bytes);
    upload.sendFrom(0);
    if (bytes.length > AHEAD * Limits.CHUNK_BYTES) {
      upload.finish();
    }
    return upload;
  }

  /** Returns when the relay has all of it. */
  void finish() {
    int upto = 0;
    while (!unanswered.isEmpty()) {
      ClientOp.Chunk chunk = unanswered.remove();
      upto = reached(session.answer(chunk.id()), chunk.offset());
      session.forget(chunk.id());
      if (unanswered.isEmpty()) {
        sendFrom(upto);
      }
    }
  }

  private void sendFrom(int start) {
    for (int at = start; at < whole.length() && unanswered.size() < AHEAD; ) {
      Body body = whole.slice(at, Math.min(whole.length(), at + Limits.CHUNK_BYTES));
      ClientOp.Chunk chunk =
          new ClientOp.Chunk(
              session.newId(),
              WireObject.type(object.type()),
              object.hash().hex(),
              whole.length(),
              at,
              body.length(),
              null,
              body);
      session.send(List.of(chunk));
      unanswered.add(chunk);
      at += body.length();
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
