package dev.gitblobs.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every error code with its retry class, equal to {@code protocol/vectors/errors.json}. */
public enum ErrorCode {
  BAD_FRAME(Retry.NO),
  BAD_JSON(Retry.NO),
  UNKNOWN_OP(Retry.NO),
  BAD_FIELD(Retry.NO),
  HELLO_FIRST(Retry.NO),
  HELLO_TWICE(Retry.NO),
  UNSUPPORTED_VERSION(Retry.NO),
  HASH_MISMATCH(Retry.NO),
  SIZE_MISMATCH(Retry.NO),
  BAD_OFFSET(Retry.NOW),
  TOO_MANY(Retry.NO),
  QUOTA(Retry.NO),
  REF_CONFLICT(Retry.REPULL),
  MISSING(Retry.NOW),
  MID_REUSED(Retry.NO),
  NO_DEVICE(Retry.AFTER),
  BAD_NEXT(Retry.NO),
  BAD_TOKEN(Retry.REAUTH),
  FORBIDDEN(Retry.NO),
  FLOOD(Retry.AFTER),
  UNAVAILABLE(Retry.AFTER),
  INTERNAL(Retry.AFTER);

  private final Retry retry;

  ErrorCode(Retry retry) {
    this.retry = retry;
  }

  /** What a client should do after this error. */
  public Retry retry() {
    return retry;
  }

  /** The name on the wire. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The code of that name; empty for a code of a later version. */
  public static Optional<ErrorCode> of(String wire) {
    return Arrays.stream(values()).filter(code -> code.wire().equals(wire)).findFirst();
  }
}
