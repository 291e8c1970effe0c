package dev.gitblobs.client.pack;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.MalformedObjectException;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bson.BSONException;
import org.bson.BsonBinaryReader;
import org.bson.BsonType;

/**
 * A pack to read. Objects are read one at a time from the mapped file, so memory grows with the
 * largest object and not with the pack.
 */
public final class PackReader {
  private final ByteBuffer bytes;
  private final PackHeader header;

  private PackReader(ByteBuffer bytes) {
    this.bytes = bytes;
    this.header = guarded(this::readHeader);
  }

  /** Opens a pack file of up to 2 GiB. Throws {@link InvalidPackException}. */
  public static PackReader open(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new InvalidPackException("it is larger than 2 GiB");
      }
      return new PackReader(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
    } catch (IOException e) {
      throw new GitBlobsException("Tried to read the pack " + file + " but failed: " + e, e);
    }
  }

  /** Opens a pack in memory. Throws {@link InvalidPackException}. */
  public static PackReader of(byte[] pack) {
    return new PackReader(ByteBuffer.wrap(pack.clone()).asReadOnlyBuffer());
  }

  /** What it says about itself. */
  public PackHeader header() {
    return header;
  }

  /**
   * Passes on every object, verified: its bytes have its hash, or it is a shallow root that the
   * header names. Throws {@link InvalidPackException} at the first that is not; then others may
   * have been passed on already.
   */
  public void forEach(Consumer<StoredObject> receiver) {
    guarded(
        () -> {
          readObjects(receiver);
          return header;
        });
  }

  private static <T> T guarded(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (BSONException e) {
      throw new InvalidPackException("it is damaged: " + e.getMessage(), e);
    } catch (MalformedObjectException e) {
      throw new InvalidPackException("an object is malformed: " + e.getMessage(), e);
    }
  }

  private PackHeader readHeader() {
    Set<PackSection> missing = EnumSet.allOf(PackSection.class);
    Optional<PackHeader> found = Optional.empty();
    try (PackInput input = new PackInput(bytes);
        BsonBinaryReader in = new BsonBinaryReader(input)) {
      in.readStartDocument();
      while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
        String name = in.readName();
        if (name.equals("_header") && found.isEmpty()) {
          found = Optional.of(header(in));
        } else {
          PackSection section = section(name, in.getCurrentBsonType());
          if (!missing.remove(section)) {
            throw new InvalidPackException("a field appears twice");
          }
          in.skipValue();
        }
      }
      in.readEndDocument();
      if (!missing.isEmpty() || input.hasRemaining()) {
        throw new InvalidPackException(
            missing.isEmpty() ? "something follows it" : "it lacks " + missing);
      }
    }
    return found.orElseThrow(() -> new InvalidPackException("it has no header"));
  }

  private static PackSection section(String name, BsonType type) {
    return PackSection.parse(name)
        .filter(section -> type == BsonType.ARRAY)
        .orElseThrow(() -> new InvalidPackException("it has a field that no pack has"));
  }

  private static PackHeader header(BsonBinaryReader in) {
    Json.Obj fields = BsonJson.readObject(in, 0);
    Map<String, String> others = new LinkedHashMap<>();
    if (fields.get("others").orElse(Json.Nil.NULL) instanceof Json.Obj members) {
      for (String name : members.members().keySet()) {
        others.put(name, members.text(name).orElse(""));
      }
    }
    return new PackHeader(fields.text("timestamp").orElse(""), others);
  }

  private void readObjects(Consumer<StoredObject> receiver) {
    try (PackInput input = new PackInput(bytes);
        BsonBinaryReader in = new BsonBinaryReader(input)) {
      in.readStartDocument();
      while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
        Optional<PackSection> section = PackSection.parse(in.readName());
        if (section.isPresent()) {
          readSection(section.get().type(), in, receiver);
        } else {
          in.skipValue();
        }
      }
      in.readEndDocument();
    }
  }

  private void readSection(ObjectType type, BsonBinaryReader in, Consumer<StoredObject> receiver) {
    in.readStartArray();
    while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
      if (in.getCurrentBsonType() != BsonType.DOCUMENT) {
        throw new InvalidPackException("an object is not a document");
      }
      receiver.accept(verified(BsonObject.read(type, in)));
    }
    in.readEndArray();
  }

  private StoredObject verified(StoredObject object) {
    boolean shallowRoot =
        object instanceof Commit commit
            && commit.parents().isEmpty()
            && header.isShallowRoot(commit.hash());
    if (!shallowRoot && !object.isProven()) {
      throw new InvalidPackException("the content of " + object.id() + " does not have this hash");
    }
    return object;
  }
}
