package dev.gitblobs.ops.relay;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A secret on its way through this program; it never shows itself.
 *
 * @param value the secret, without surrounding white space
 */
public record Secret(String value) {
  /** Takes the white space off that files and pipes end with. */
  public Secret {
    value = value.strip();
  }

  /** Says nothing, in JSON neither. */
  @JsonValue
  @Override
  public String toString() {
    return "(secret)";
  }
}
