package dev.gitblobs.cloudflare.provider;

/** A call of the API that did not succeed. The message says what was tried and what came back. */
final class ApiException extends RuntimeException {
  /** The status of {@link #status()} when no answer came at all. */
  static final int NO_ANSWER = 0;

  private final int status;

  ApiException(int status, String message) {
    super(message);
    this.status = status;
  }

  ApiException(String message, Throwable cause) {
    super(message, cause);
    this.status = NO_ANSWER;
  }

  /** The same failure, with what to do about it. */
  ApiException with(String advice) {
    var advised = new ApiException(status, getMessage() + "; " + advice);
    advised.initCause(this);
    return advised;
  }

  int status() {
    return status;
  }

  /** Whether the name may be taken: Cloudflare says 400 for some products and 409 for others. */
  boolean isConflict() {
    return status == 400 || status == 409;
  }

  boolean isNotFound() {
    return status == 404;
  }
}
