package dev.gitblobs.client.object;

import java.util.Optional;

/** The four kinds of objects. */
public enum ObjectType {
  /** Bytes of a file. */
  BLOB("blob"),
  /** A JSON object that belongs to a file. */
  METADATA("metadata"),
  /** All files of one commit: path to entry. */
  TREE("tree"),
  /** A tree, its parents and who made it. */
  COMMIT("commit");

  private final String wireName;

  ObjectType(String wireName) {
    this.wireName = wireName;
  }

  /** Its spelling in files, packs and messages. */
  public String wireName() {
    return wireName;
  }

  /** The type of that spelling, or empty. */
  public static Optional<ObjectType> parse(String wireName) {
    for (ObjectType type : values()) {
      if (type.wireName.equals(wireName)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
