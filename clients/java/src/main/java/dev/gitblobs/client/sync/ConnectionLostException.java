package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** There is no connection to the relay, or no more. What was not acknowledged may be sent again. */
public sealed class ConnectionLostException extends GitBlobsException permits NoStoreException {
  private final AfterClose then;
  private final transient Optional<Duration> pause;

  /** Says what happened and how a client goes on from it. */
  public ConnectionLostException(String message, AfterClose then, @Nullable Throwable cause) {
    this(message, then, cause, Optional.empty());
  }

  ConnectionLostException(
      String message, AfterClose then, @Nullable Throwable cause, Optional<Duration> pause) {
    super(message, cause);
    this.then = then;
    this.pause = pause;
  }

  /** How long not to come back, as whoever answered asks. */
  Optional<Duration> pause() {
    return pause;
  }

  /** How to go on. */
  public AfterClose then() {
    return then;
  }
}
