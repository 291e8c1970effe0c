package dev.gitblobs.client.history;

import static java.util.Objects.requireNonNull;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonBinaryReader;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.DecoderContext;
import org.jspecify.annotations.Nullable;

/**
 * A client that does with a diff what the original does, faults included (FORMAT.md 5.5): checks no
 * hash and no parent, and notices no missing file. Shares no code with ours.
 */
final class OriginalReceiver {
  /** Stored objects by hash. */
  final Map<String, BsonDocument> objects = new HashMap<>();

  /** The head's type and value; null when there is none. */
  @Nullable List<String> head;

  static BsonDocument decode(byte[] pack) {
    return new BsonDocumentCodec()
        .decode(new BsonBinaryReader(ByteBuffer.wrap(pack)), DecoderContext.builder().build());
  }

  /** Puts every object of a backup in place, and the head. */
  void restore(byte[] backup) {
    BsonDocument pack = decode(backup);
    for (String section : List.of("commits", "trees", "blobs", "metadata")) {
      byHash(pack, section).forEach(objects::put);
    }
    head = List.of("commit", others(pack).getString("commit_head").getValue());
  }

  private static BsonDocument others(BsonDocument pack) {
    return pack.getDocument("_header").getDocument("others");
  }

  private static Map<String, BsonDocument> byHash(BsonDocument pack, String section) {
    Map<String, BsonDocument> found = new HashMap<>();
    for (BsonValue object : pack.getArray(section)) {
      found.put(object.asDocument().getString("hash").getValue(), object.asDocument());
    }
    return found;
  }

  /** Applies a diff; returns the error, or empty. */
  Optional<String> fastForward(BsonDocument pack) {
    List<String> chain = new ArrayList<>();
    for (Json hash :
        ((Json.Arr) JsonReader.read(others(pack).getString("commitChains").getValue())).items()) {
      chain.add(((Json.Str) hash).text());
    }
    if (head == null) {
      return Optional.of("No HEAD found in storage");
    }
    if (!head.get(1).equals(chain.get(0))) {
      return Optional.of("HEAD does not match the first commit in commitChains");
    }
    Map<String, BsonDocument> commits = byHash(pack, "commits");
    Map<String, BsonDocument> trees = byHash(pack, "trees");
    Map<String, BsonDocument> files = byHash(pack, "blobs");
    files.putAll(byHash(pack, "metadata"));
    for (String hash : chain) {
      BsonDocument commit = commits.get(hash);
      if (commit == null) {
        return Optional.of("Commit " + hash + " not found in diff");
      }
      objects.putIfAbsent(hash, commit);
      String treeHash = commit.getDocument("content").getString("tree_hash").getValue();
      BsonDocument tree = trees.get(treeHash);
      if (tree == null) {
        return Optional.of("Tree " + treeHash + " not found in diff");
      }
      objects.putIfAbsent(treeHash, tree);
      tree.getDocument("content")
          .getDocument("entries")
          .values()
          .forEach(entry -> store(entry.asDocument(), files));
    }
    head = List.of("commit", chain.get(chain.size() - 1));
    return Optional.empty();
  }

  private void store(BsonDocument entry, Map<String, BsonDocument> files) {
    for (String field : List.of("blob_hash", "metadata_hash")) {
      String hash = entry.getString(field).getValue();
      if (files.containsKey(hash)) {
        objects.putIfAbsent(hash, files.get(hash));
      }
    }
  }

  /** The files at the head by path, as it shows them; throws when a part is missing. */
  Map<String, String> snapshot() {
    Map<String, String> files = new HashMap<>();
    String treeHash = content(requireNonNull(head).get(1)).getString("tree_hash").getValue();
    content(treeHash)
        .getDocument("entries")
        .forEach(
            (path, entry) -> {
              String blob = entry.asDocument().getString("blob_hash").getValue();
              byte[] data = content(blob).getBinary("data").getData();
              files.put(path, new String(data, java.nio.charset.StandardCharsets.UTF_8));
            });
    return files;
  }

  private BsonDocument content(String hash) {
    return requireNonNull(objects.get(hash), hash).getDocument("content");
  }
}
