package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import org.jspecify.annotations.Nullable;

/** There is no connection to the relay, or no more. What was not acknowledged may be sent again. */
public final class ConnectionLostException extends GitBlobsException {
  private final AfterClose then;

  /** Says what happened and how a client goes on from it. */
  public ConnectionLostException(String message, AfterClose then, @Nullable Throwable cause) {
    super(message, cause);
    this.then = then;
  }

  /** How to go on. */
  public AfterClose then() {
    return then;
  }
}
