package dev.gitblobs.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The object types of GitBlobsDB, and what only its users can read. Labels to a relay. */
public enum ObjectType {
  BLOB,
  TREE,
  COMMIT,
  METADATA,
  /** Reserved: no client of this version makes or takes one. */
  SEALED;

  /** The name on the wire. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The type of that name.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static ObjectType of(String wire) {
    for (ObjectType type : values()) {
      if (type.wire().equals(wire)) {
        return type;
      }
    }
    throw new IllegalArgumentException("field type is not as described");
  }
}
