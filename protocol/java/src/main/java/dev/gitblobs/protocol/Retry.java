package dev.gitblobs.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a client should do after an error (PROTOCOL.md 7). */
public enum Retry {
  /** Repeating the same request cannot succeed. */
  NO,
  /** Mend what the error names and send again at once. */
  NOW,
  /** Send the same again after the stated or a growing pause. */
  AFTER,
  /** Refresh the token, then send again. */
  REAUTH,
  /** Pull, fast-forward or merge, then push again. */
  REPULL;

  /** The name on the wire. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
