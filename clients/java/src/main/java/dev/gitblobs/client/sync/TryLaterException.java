package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.protocol.Retry;
import dev.gitblobs.protocol.ServerOp;
import java.time.Duration;
import java.util.Optional;

/** A request was refused for now: the same may be sent again on the same connection. */
final class TryLaterException extends GitBlobsException {
  /** No relay asks for more; who does is not waited for. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final transient ServerOp.Failure failure;

  TryLaterException(String tried, ServerOp.Failure failure) {
    super(
        "Tried to "
            + tried
            + " but the relay says: "
            + failure.message()
            + " ("
            + failure.code()
            + ").");
    this.failure = failure;
  }

  /** Whether a fresh token is wanted and not a pause. */
  boolean wantsToken() {
    return failure.retry() == Retry.REAUTH;
  }

  /** The pause the relay asks for; empty when it leaves that to us. */
  Optional<Duration> after() {
    Long millis = failure.retryAfterMs();
    return millis == null
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.min(millis, LONGEST.toMillis())));
  }
}
