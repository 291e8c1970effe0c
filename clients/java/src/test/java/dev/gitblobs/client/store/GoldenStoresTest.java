package dev.gitblobs.client.store;

import static dev.gitblobs.client.GoldenData.array;
import static dev.gitblobs.client.GoldenData.json;
import static dev.gitblobs.client.GoldenData.member;
import static dev.gitblobs.client.GoldenData.object;
import static dev.gitblobs.client.GoldenData.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.GoldenData;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.object.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenStoresTest {
  private final Path folder;

  GoldenStoresTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "A-merged-by-original",
        "B",
        "dag",
        "linear",
        "linear-at-3",
        "many",
        "shallow",
        "single"
      })
  void readsTheSnapshotTheOriginalReads(String name) throws IOException {
    FileStore store = FileStore.open(GoldenData.store(name, folder));
    Json expected = member(json("expected/" + name + ".json"), "snapshot");

    Commit commit = store.commit(store.head().orElseThrow());
    Tree tree = store.tree(commit.tree());

    assertThat(commit.hash().hex()).isEqualTo(text(expected, "commitHash"));
    assertThat(tree.hash().hex()).isEqualTo(text(expected, "treeHash"));
    List<Json> entries = array(expected, "entries");
    assertThat(tree.entries().keySet())
        .containsExactlyElementsOf(entries.stream().map(entry -> text(entry, "path")).toList());
    for (Json entry : entries) {
      Blob blob = store.blob(new Hash(text(entry, "blob_hash")));
      assertThat((double) blob.size()).isEqualTo(((Json.Num) member(entry, "size")).value());
      object(entry)
          .text("content_base64")
          .ifPresent(
              data -> assertThat(blob.toBytes()).isEqualTo(Base64.getDecoder().decode(data)));
      Hash.parse(text(entry, "metadata_hash"))
          .ifPresent(
              hash -> assertThat(store.metadata(hash).data()).isEqualTo(member(entry, "metadata")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "B", "dag", "linear", "linear-at-3", "many", "shallow", "single"})
  void writesEveryFileAsTheOriginalWroteIt(String name) throws IOException {
    Path original = GoldenData.store(name, folder);
    FileStore from = FileStore.open(original);
    Path copy = folder.resolve(name + "-copy");
    FileStore to = FileStore.create(copy);
    List<StoredObject> objects = new ArrayList<>();
    from.forEach(objects::add);
    try (StoreWriter writer = to.writer()) {
      objects.forEach(writer::put);
      writer.setHead(from.head().orElseThrow());
      from.refs().forEach(writer::setRef);
      writer.commit();
    }
    assertThat(objects).isNotEmpty();
    assertThat(copy.resolve("HEAD")).hasSameBinaryContentAs(original.resolve("HEAD"));
    for (StoredObject object : objects) {
      String file = "objects/" + object.hash();
      assertThat(copy.resolve(file)).hasSameBinaryContentAs(original.resolve(file));
    }
    for (String ref : from.refs().keySet()) {
      assertThat(copy.resolve("refs").resolve(ref))
          .hasSameBinaryContentAs(original.resolve("refs").resolve(ref));
    }
    try (var files = Files.list(copy.resolve("objects"))) {
      assertThat(files.count()).isEqualTo(objects.size());
    }
  }
}
