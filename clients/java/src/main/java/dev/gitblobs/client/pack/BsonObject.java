package dev.gitblobs.client.pack;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Metadata;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.object.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bson.BsonBinary;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinarySubType;
import org.bson.BsonType;
import org.bson.BsonWriter;
import org.jspecify.annotations.Nullable;

/** One object as a BSON document: type, hash, content. */
final class BsonObject {
  private BsonObject() {}

  static void write(StoredObject object, BsonWriter out) {
    out.writeStartDocument();
    out.writeString("type", object.type().wireName());
    out.writeString("hash", object.hash().hex());
    out.writeName("content");
    if (object instanceof Blob blob) {
      out.writeStartDocument();
      out.writeBinaryData("data", new BsonBinary(blob.toBytes()));
      out.writeEndDocument();
    } else if (object instanceof Commit commit) {
      BsonJson.write(commit.content(), out);
    } else if (object instanceof Metadata metadata) {
      BsonJson.write(Json.object("data", metadata.data()), out);
    } else if (object instanceof Tree tree) {
      Map<String, Json> entries = new LinkedHashMap<>();
      tree.entries().forEach((path, entry) -> entries.put(path, entry.toJson()));
      BsonJson.write(Json.object("entries", new Json.Obj(entries)), out);
    }
    out.writeEndDocument();
  }

  /** Reads the document at which the reader stands; the object is not verified. */
  static StoredObject read(ObjectType expected, BsonBinaryReader in) {
    String type = "";
    String hash = "";
    byte @Nullable [] bytes = null;
    Json.@Nullable Obj content = null;
    in.readStartDocument();
    while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
      String name = in.readName();
      if (name.equals("type")) {
        type = in.readString();
      } else if (name.equals("hash")) {
        hash = in.readString();
      } else if (!name.equals("content")) {
        throw new InvalidPackException("an object has a field that no object has");
      } else if (expected == ObjectType.BLOB) {
        bytes = readData(in);
      } else {
        content = BsonJson.readObject(in, 0);
      }
    }
    in.readEndDocument();
    if (!type.equals(expected.wireName())) {
      throw new InvalidPackException("an object stands among those of another type");
    }
    Hash id =
        Hash.parse(hash)
            .orElseThrow(
                () -> new InvalidPackException("an object's hash is not 64 lower-case hex digits"));
    if (bytes != null) {
      return Blob.received(id, bytes);
    }
    if (content == null) {
      throw new InvalidPackException("an object has no content");
    }
    return assemble(expected, id, content);
  }

  private static StoredObject assemble(ObjectType type, Hash hash, Json.Obj content) {
    return switch (type) {
      case COMMIT -> new Commit(hash, content);
      case METADATA -> new Metadata(hash, member(content, "data"));
      default -> Tree.read(hash, member(content, "entries"));
    };
  }

  private static Json.Obj member(Json.Obj content, String name) {
    if (content.members().size() == 1
        && content.get(name).orElse(Json.Nil.NULL) instanceof Json.Obj object) {
      return object;
    }
    throw new InvalidPackException("an object's content is not one " + name + " object");
  }

  private static byte[] readData(BsonBinaryReader in) {
    in.readStartDocument();
    if (in.readBsonType() != BsonType.BINARY || !in.readName().equals("data")) {
      throw new InvalidPackException("a blob's content is not one data field of bytes");
    }
    PackInput input = (PackInput) in.getBsonInput();
    if (in.peekBinarySize() > input.remaining()) {
      throw new InvalidPackException("a blob is longer than the pack");
    }
    BsonBinary data = in.readBinaryData();
    if (data.getType() != BsonBinarySubType.BINARY.getValue()) {
      throw new InvalidPackException("a blob's bytes are of another binary subtype");
    }
    if (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
      throw new InvalidPackException("a blob's content has a second field");
    }
    in.readEndDocument();
    return data.getData();
  }
}
