package dev.gitblobs.cloudflare;

/** The server cannot start; the message says why and what to do. */
final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  StartFailure(String message) {
    super(message);
  }

  StartFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
