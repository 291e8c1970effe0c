package dev.gitblobs.cloudflare.runtime;

/** The runtime could not do what it was asked; the message is what it said. */
public final class RuntimeFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The runtime says why. */
  public RuntimeFailure(String message) {
    super(message);
  }

  /** Something else broke, and the runtime with it. */
  public RuntimeFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
