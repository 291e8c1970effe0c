package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.ServerOp;
import java.util.OptionalLong;

/** Which request an operation of the relay answers. */
final class Answers {
  private Answers() {}

  /** The request's id, or empty for what comes unasked. */
  static OptionalLong id(ServerOp op) {
    Long id = null;
    if (op instanceof ServerOp.Want want) {
      id = want.id();
    } else if (op instanceof ServerOp.Ok ok) {
      id = ok.id();
    } else if (op instanceof ServerOp.Ack ack) {
      id = ack.id();
    } else if (op instanceof ServerOp.Events events) {
      id = events.id();
    } else if (op instanceof ServerOp.Objects objects) {
      id = objects.id();
    } else if (op instanceof ServerOp.Part part) {
      id = part.id();
    } else if (op instanceof ServerOp.Done done) {
      id = done.id();
    } else if (op instanceof ServerOp.Failure failure) {
      id = failure.id();
    }
    return id == null ? OptionalLong.empty() : OptionalLong.of(id);
  }
}
