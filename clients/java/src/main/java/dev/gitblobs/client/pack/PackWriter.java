package dev.gitblobs.client.pack;

import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bson.BsonBinaryWriter;
import org.bson.io.BasicOutputBuffer;

/** Writes packs. The pack is held in memory while it is made; BSON allows up to 2 GiB. */
public final class PackWriter {
  private static final List<PackSection> BACKUP_ORDER =
      List.of(PackSection.COMMITS, PackSection.TREES, PackSection.BLOBS, PackSection.METADATA);
  private static final List<PackSection> DIFF_ORDER =
      List.of(PackSection.COMMITS, PackSection.BLOBS, PackSection.TREES, PackSection.METADATA);

  private PackWriter() {}

  /** Gives the objects of one type in the order they are to be written. */
  @FunctionalInterface
  public interface Source {
    /** The objects of this type; called once per type. */
    Stream<? extends StoredObject> objects(ObjectType type);
  }

  /** The pack of these objects. */
  public static byte[] write(PackHeader header, Source source) {
    BasicOutputBuffer buffer = new BasicOutputBuffer();
    try (BsonBinaryWriter out = new BsonBinaryWriter(buffer)) {
      out.writeStartDocument();
      for (PackSection section : header.isDiff() ? DIFF_ORDER : BACKUP_ORDER) {
        out.writeStartArray(section.field());
        source.objects(section.type()).forEachOrdered(object -> BsonObject.write(object, out));
        out.writeEndArray();
      }
      writeHeader(header, out);
      out.writeEndDocument();
    }
    return buffer.toByteArray();
  }

  private static void writeHeader(PackHeader header, BsonBinaryWriter out) {
    out.writeStartDocument("_header");
    out.writeString("version", "1");
    out.writeString("timestamp", header.timestamp());
    Map<String, String> others = header.others();
    if (!others.isEmpty()) {
      out.writeStartDocument("others");
      others.forEach(out::writeString);
      out.writeEndDocument();
    }
    out.writeEndDocument();
  }
}
