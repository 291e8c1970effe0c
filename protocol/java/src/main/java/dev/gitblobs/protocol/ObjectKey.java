package dev.gitblobs.protocol;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** Names one object of a store: its type and the lower-case hex SHA-256 of its bytes. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"type", "hash"})
public record ObjectKey(ObjectType type, String hash) {
  public ObjectKey {
    Check.hash(hash);
  }
}
