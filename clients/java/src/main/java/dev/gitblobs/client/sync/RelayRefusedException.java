package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.protocol.ServerOp;

/** The relay refused a request, and sending it again as it is cannot succeed. */
public final class RelayRefusedException extends GitBlobsException {
  private final transient ServerOp.Failure failure;

  RelayRefusedException(String tried, ServerOp.Failure failure) {
    super(
        "Tried to "
            + tried
            + " but the relay refused: "
            + failure.message()
            + " ("
            + failure.code()
            + ").");
    this.failure = failure;
  }

  /** What the relay said. */
  public ServerOp.Failure failure() {
    return failure;
  }
}
