package dev.gitblobs.ops.cloudflare;

import org.jspecify.annotations.Nullable;

/** Cloudflare refused a call, or could not be reached (status 0). */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** D1's code for SQL that it refuses. */
  public static final int SQL_FAILED = 7500;

  private final int status;
  private final int code;
  private final String reason;

  /**
   * What was called and how that was answered.
   *
   * @param status of HTTP; 0 when there was no answer
   * @param code Cloudflare's; 0 when none was given
   */
  public ApiException(String what, int status, int code, String reason, @Nullable Throwable cause) {
    super(
        what
            + " failed: "
            + reason
            + (status == 0 ? "" : " (HTTP " + status + ", code " + code + ")"),
        cause);
    this.status = status;
    this.code = code;
    this.reason = reason;
  }

  /** The HTTP status; 0 when there was no answer. */
  public int status() {
    return status;
  }

  /** Cloudflare's error code; 0 when none was given. */
  public int code() {
    return code;
  }

  /** Cloudflare's own words. */
  public String reason() {
    return reason;
  }
}
