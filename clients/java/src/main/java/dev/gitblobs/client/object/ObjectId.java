package dev.gitblobs.client.object;

/**
 * What names an object: hashes carry no type tag, so a hash alone is not enough (FORMAT.md 2.5).
 */
public record ObjectId(ObjectType type, Hash hash) {
  @Override
  public String toString() {
    return type.wireName() + " " + hash;
  }
}
