package dev.gitblobs.client.object;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file in a tree. Its fields keep the order they came in, because the tree's hash depends on it;
 * compare with {@link #sameFile}, which does not.
 *
 * @param metadata null when the file has none
 * @param fields the names of the three fields in the order they are written
 */
public record TreeEntry(Hash blob, @Nullable Hash metadata, List<String> fields) {
  private static final String BLOB = "blob_hash";
  private static final String METADATA = "metadata_hash";
  private static final String TYPE = "type";

  /** The only type there is. */
  private static final String FILE = "file";

  private static final List<String> NORMAL = List.of(BLOB, METADATA, TYPE);

  /** An entry in normal field order, without metadata. */
  public static TreeEntry of(Hash blob) {
    return new TreeEntry(blob, null, NORMAL);
  }

  /** An entry in normal field order. */
  public static TreeEntry of(Hash blob, @Nullable Hash metadata) {
    return new TreeEntry(blob, metadata, NORMAL);
  }

  /** Reads an entry of the tree's file {@code path}. Throws {@link MalformedObjectException}. */
  public static TreeEntry read(String path, Map<String, String> members) {
    String blob = members.get(BLOB);
    String metadata = members.get(METADATA);
    if (members.size() != 3 || blob == null || metadata == null) {
      throw malformed(path, "its fields are not blob_hash, metadata_hash and type");
    }
    if (!FILE.equals(members.get(TYPE))) {
      throw malformed(path, "its type is not \"file\"");
    }
    List<String> order = new ArrayList<>(members.keySet());
    return new TreeEntry(
        hash(path, blob),
        metadata.isEmpty() ? null : hash(path, metadata),
        order.equals(NORMAL) ? NORMAL : List.copyOf(order));
  }

  /** Whether both are the same content with the same metadata. */
  public boolean sameFile(TreeEntry other) {
    return blob.equals(other.blob) && metadataText().equals(other.metadataText());
  }

  /** The entry as JSON, fields in their own order. */
  public Json.Obj toJson() {
    List<Object> members = new ArrayList<>();
    for (String field : fields) {
      members.add(field);
      members.add(Json.of(value(field)));
    }
    return Json.object(members.toArray());
  }

  /** Appends the entry's JSON. */
  public void write(StringBuilder out) {
    char separator = '{';
    for (String field : fields) {
      out.append(separator);
      JsonText.writeString(field, out);
      out.append(":\"").append(value(field)).append('"');
      separator = ',';
    }
    out.append('}');
  }

  private String value(String field) {
    return switch (field) {
      case BLOB -> blob.hex();
      case METADATA -> metadataText();
      default -> FILE;
    };
  }

  private String metadataText() {
    return metadata == null ? "" : metadata.hex();
  }

  private static Hash hash(String path, String text) {
    return Hash.parse(text).orElseThrow(() -> malformed(path, "a hash is not 64 hex digits"));
  }

  private static MalformedObjectException malformed(String path, String reason) {
    return new MalformedObjectException("Tree entry " + Json.of(path).toText() + ": " + reason);
  }
}
