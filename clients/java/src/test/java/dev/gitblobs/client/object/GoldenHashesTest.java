package dev.gitblobs.client.object;

import static dev.gitblobs.client.GoldenData.array;
import static dev.gitblobs.client.GoldenData.items;
import static dev.gitblobs.client.GoldenData.json;
import static dev.gitblobs.client.GoldenData.member;
import static dev.gitblobs.client.GoldenData.object;
import static dev.gitblobs.client.GoldenData.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoldenHashesTest {
  @Test
  void hashesEveryBlobAsTheOriginal() {
    List<Json> blobs = array(json("hashes.json"), "blobs");
    assertThat(blobs).isNotEmpty();
    for (Json vector : blobs) {
      object(vector)
          .text("data_base64")
          .ifPresent(
              data ->
                  assertThat(Blob.of(Base64.getDecoder().decode(data)).hash().hex())
                      .as(text(vector, "name"))
                      .isEqualTo(text(vector, "hash")));
    }
  }

  @Test
  void hashesEveryMetadataAsTheOriginal() {
    List<Json> vectors = array(json("hashes.json"), "metadata");
    assertThat(vectors).isNotEmpty();
    for (Json vector : vectors) {
      Map<String, Json> members = new LinkedHashMap<>();
      for (Json pair : array(vector, "data_in_insertion_order")) {
        members.put(text(items(pair).get(0)), items(pair).get(1));
      }
      if (text(vector, "name").equals("negative-zero")) {
        members.put("z", Json.of(-0.0)); // JSON cannot carry it
      }
      agrees(vector, Metadata.of(new Json.Obj(members)));
    }
  }

  @Test
  void hashesEveryTreeAsTheOriginal() {
    List<Json> vectors = array(json("hashes.json"), "trees");
    assertThat(vectors).isNotEmpty();
    for (Json vector : vectors) {
      Map<String, TreeEntry> entries = new LinkedHashMap<>();
      for (Json pair : array(vector, "entries_in_insertion_order")) {
        String path = text(items(pair).get(0));
        Map<String, String> fields = new LinkedHashMap<>();
        object(items(pair).get(1))
            .members()
            .forEach((name, value) -> fields.put(name, text(value)));
        entries.put(path, TreeEntry.read(path, fields));
      }
      agrees(vector, Tree.of(entries));
    }
  }

  @Test
  void hashesEveryCommitAsTheOriginal() {
    List<Json> vectors = array(json("hashes.json"), "commits");
    assertThat(vectors).isNotEmpty();
    for (Json vector : vectors) {
      Json.Obj content = object(member(vector, "content"));
      agrees(vector, new Commit(new Hash(text(vector, "hash")), content));
    }
  }

  private static void agrees(Json vector, StoredObject object) {
    String name = text(vector, "name");
    assertThat(object.hash().hex()).as(name).isEqualTo(text(vector, "hash"));
    assertThat(object.wireBytes().map(bytes -> new String(bytes, StandardCharsets.UTF_8)))
        .as(name)
        .contains(text(vector, "canonical_json"));
  }
}
