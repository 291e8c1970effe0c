package dev.gitblobs.client;

import org.jspecify.annotations.Nullable;

/**
 * Something the caller cannot act on went wrong: a disk that fails, a damaged store, a relay that
 * breaks the protocol. The root of every exception this library throws on purpose; its message says
 * what was tried, on what, what happened and, where there is one, the way out.
 */
public class GitBlobsException extends RuntimeException {
  /** With a message for people. */
  public GitBlobsException(String message) {
    super(message);
  }

  /** With a message for people and the failure below it. */
  public GitBlobsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
