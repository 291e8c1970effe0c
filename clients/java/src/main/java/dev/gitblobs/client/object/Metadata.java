package dev.gitblobs.client.object;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonText;
import java.util.Optional;

/** A JSON object that belongs to a file. */
public record Metadata(Hash hash, Json.Obj data) implements StoredObject {
  /** New metadata, hashed. */
  public static Metadata of(Json.Obj data) {
    return new Metadata(Hash.of(CanonicalText.of(data)), data);
  }

  @Override
  public ObjectType type() {
    return ObjectType.METADATA;
  }

  @Override
  public Optional<byte[]> wireBytes() {
    return CanonicalText.withHash(hash, data.members(), JsonText::write);
  }
}
