package dev.gitblobs.client.pack;

import dev.gitblobs.client.object.ObjectType;
import java.util.Optional;

/** The four arrays of a pack. */
enum PackSection {
  COMMITS("commits", ObjectType.COMMIT),
  TREES("trees", ObjectType.TREE),
  BLOBS("blobs", ObjectType.BLOB),
  METADATA("metadata", ObjectType.METADATA);

  private final String field;
  private final ObjectType type;

  PackSection(String field, ObjectType type) {
    this.field = field;
    this.type = type;
  }

  String field() {
    return field;
  }

  ObjectType type() {
    return type;
  }

  static Optional<PackSection> parse(String field) {
    for (PackSection section : values()) {
      if (section.field.equals(field)) {
        return Optional.of(section);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return field;
  }
}
