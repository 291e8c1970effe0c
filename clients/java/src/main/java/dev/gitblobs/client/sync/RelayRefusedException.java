package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.protocol.Retry;
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

  /** What to throw: a refusal for good, or one after which the same may be sent again. */
  static GitBlobsException of(String tried, ServerOp.Failure failure) {
    return failure.retry() == Retry.AFTER || failure.retry() == Retry.REAUTH
        ? new TryLaterException(tried, failure)
        : new RelayRefusedException(tried, failure);
  }

  /** What the relay said. */
  public ServerOp.Failure failure() {
    return failure;
  }
}
