package dev.gitblobs.protocol;

/** Close codes of the socket (PROTOCOL.md 8). */
public enum CloseCode {
  GOING_AWAY(1001, AfterClose.RECONNECT),
  ABNORMAL(1006, AfterClose.RECONNECT),
  TOO_BIG(1009, AfterClose.STOP),
  INTERNAL(1011, AfterClose.RECONNECT),
  RESTART(1012, AfterClose.RECONNECT),
  TOO_SLOW(1013, AfterClose.RECONNECT),
  PROTOCOL(4400, AfterClose.STOP),
  REAUTH(4401, AfterClose.REFRESH),
  DISABLED(4403, AfterClose.STOP),
  REMOVED(4404, AfterClose.STOP),
  VERSION(4406, AfterClose.STOP),
  NO_HELLO(4408, AfterClose.STOP),
  REPLACED(4409, AfterClose.STOP),
  QUOTA(4413, AfterClose.STOP),
  FLOOD(4429, AfterClose.STOP);

  /** What a client does once its socket is closed. */
  public enum AfterClose {
    /** Connect again with full jitter. */
    RECONNECT,
    /** Refresh the token once, then connect again. */
    REFRESH,
    /** Tell the user; connecting again would end the same way. */
    STOP
  }

  private final int code;
  private final AfterClose then;

  CloseCode(int code, AfterClose then) {
    this.code = code;
    this.then = then;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** How to go on after this code. */
  public AfterClose then() {
    return then;
  }

  /** How to go on after any code; one this version does not know means reconnecting. */
  public static AfterClose after(int code) {
    for (CloseCode known : values()) {
      if (known.code == code) {
        return known.then;
      }
    }
    return AfterClose.RECONNECT;
  }
}
