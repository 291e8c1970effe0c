package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.MalformedObjectException;
import dev.gitblobs.client.object.Metadata;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ObjectType;

/** Objects as they travel: type, hash and the exact bytes that have it (PROTOCOL.md 3). */
final class WireObject {
  private WireObject() {}

  static ObjectType type(dev.gitblobs.client.object.ObjectType type) {
    return ObjectType.of(type.wireName());
  }

  static ObjectKey key(ObjectId id) {
    return new ObjectKey(type(id.type()), id.hash().hex());
  }

  static ObjectId id(ObjectKey key) {
    return new ObjectId(type(key.type()), new Hash(key.hash()));
  }

  private static dev.gitblobs.client.object.ObjectType type(ObjectType type) {
    return dev.gitblobs.client.object.ObjectType.parse(type.wire())
        .orElseThrow(() -> new AssertionError(type));
  }

  /** The object these bytes are. Throws when they are not it: a relay that does that is broken. */
  static StoredObject read(ObjectKey key, byte[] bytes) {
    Hash hash = new Hash(key.hash());
    try {
      StoredObject object =
          switch (key.type()) {
            case BLOB -> Blob.received(hash, bytes);
            case TREE -> Tree.read(hash, JsonReader.readObject(bytes));
            case COMMIT -> new Commit(hash, JsonReader.readObject(bytes));
            case METADATA -> new Metadata(hash, JsonReader.readObject(bytes));
            case SEALED -> throw new AssertionError("nobody here reads what is sealed");
          };
      if (object.isProven()) {
        return object;
      }
      throw new GitBlobsException(
          "The relay sent " + id(key) + " with bytes that are not that object. Nothing was kept.");
    } catch (MalformedObjectException | JsonReader.InvalidJsonException e) {
      throw new GitBlobsException(
          "The relay sent " + id(key) + " but it is malformed: " + e.getMessage(), e);
    }
  }
}
