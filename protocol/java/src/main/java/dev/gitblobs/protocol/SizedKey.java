package dev.gitblobs.protocol;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** Names one object and the size of its bytes. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"type", "hash", "size"})
public record SizedKey(ObjectType type, String hash, int size) {
  public SizedKey {
    Check.hash(hash);
    Check.range("size", size, 0, Limits.OBJECT_BYTES);
  }

  /** The name without the size. */
  public ObjectKey key() {
    return new ObjectKey(type, hash);
  }
}
