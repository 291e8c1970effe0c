package dev.gitblobs.client.pack;

import static dev.gitblobs.client.GoldenData.array;
import static dev.gitblobs.client.GoldenData.bytes;
import static dev.gitblobs.client.GoldenData.files;
import static dev.gitblobs.client.GoldenData.items;
import static dev.gitblobs.client.GoldenData.json;
import static dev.gitblobs.client.GoldenData.member;
import static dev.gitblobs.client.GoldenData.object;
import static dev.gitblobs.client.GoldenData.path;
import static dev.gitblobs.client.GoldenData.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.GoldenData;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.store.FileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenPacksTest {
  private final Path folder;

  GoldenPacksTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void rewritesEveryPackByteForByte() {
    List<Path> packs = files("packs", ".bin");
    assertThat(packs).isNotEmpty();
    for (Path file : packs) {
      assertThat(rewrite(bytes(file))).as(file.toString()).isEqualTo(bytes(file));
    }
  }

  @Test
  void rewritesEveryBsonDocumentByteForByte() {
    List<Json> vectors = items(json("bson.json"));
    assertThat(vectors).isNotEmpty();
    for (Json vector : vectors) {
      byte[] bson = HexFormat.of().parseHex(text(vector, "bson_hex"));
      assertThat(rewrite(bson, text(vector, "name"))).isEqualTo(bson);
    }
  }

  @Test
  void readsWhatTheOriginalReads() {
    for (Path file : files("packs", ".bin")) {
      String name = file.toString().replaceAll("\\.bin$", ".expected.json");
      Json expected = JsonReader.read(bytes(Path.of(name)));
      List<StoredObject> objects = objects(PackReader.open(file));
      assertThat(PackReader.open(file).header().timestamp())
          .isEqualTo(text(member(expected, "_header"), "timestamp"));
      assertThat(hashes(objects, ObjectType.TREE)).isEqualTo(hashes(expected, "trees"));
      assertThat(hashes(objects, ObjectType.BLOB)).isEqualTo(hashes(expected, "blobs"));
      assertThat(hashes(objects, ObjectType.METADATA)).isEqualTo(hashes(expected, "metadata"));
      assertThat(
              objects.stream()
                  .filter(Commit.class::isInstance)
                  .map(commit -> ((Commit) commit).content()))
          .isEqualTo(
              array(expected, "commits").stream().map(json -> member(json, "content")).toList());
    }
  }

  @Test
  void makesTheOriginalsCompactBackups() throws IOException {
    for (String name : List.of("linear", "single")) {
      byte[] expected = bytes(path("packs/" + name + "-compact.bin"));
      FileStore store = FileStore.open(GoldenData.store(name, folder));
      Hash head = store.head().orElseThrow();
      assertThat(new Packer(store).compact(head, madeAt(expected))).isEqualTo(expected);
    }
  }

  @Test
  void makesTheOriginalsFullBackupsInTheFoldersOwnOrder() throws IOException {
    for (String name : List.of("linear", "single", "dag", "many")) {
      byte[] expected = bytes(path("packs/" + name + "-export.bin"));
      FileStore store = FileStore.open(GoldenData.store(name, folder));
      PackReader made = PackReader.of(new Packer(store).full(madeAt(expected)));
      assertThat(made.header()).isEqualTo(PackReader.of(expected).header());
      assertThat(objects(made))
          .containsExactlyInAnyOrderElementsOf(objects(PackReader.of(expected)));
    }
  }

  @Test
  void makesTheOriginalsDiffs() throws IOException {
    Json names =
        Json.object(
            "linear-diff-3-to-head", Json.of("linear"),
            "many-diff-2-to-head", Json.of("many"),
            "dag-diff-a1-to-head", Json.of("dag"),
            "dag-diff-b1-to-head", Json.of("dag"));
    for (String name : object(names).members().keySet()) {
      byte[] expected = bytes(path("packs/" + name + ".bin"));
      Path parent = folder.resolve(name);
      FileStore store = FileStore.open(GoldenData.store(text(names, name), parent));
      List<Hash> chain = PackReader.of(expected).header().chain();
      Instant when = Instant.parse(PackReader.of(expected).header().timestamp());
      assertThat(new Packer(store).diff(chain, id -> true, when)).as(name).isEqualTo(expected);
    }
  }

  /** The moment a golden backup was made, from its JavaScript date text. */
  private static Instant madeAt(byte[] pack) {
    String text = PackReader.of(pack).header().timestamp();
    return java.time.LocalDateTime.parse(
            text.substring(0, 24),
            java.time.format.DateTimeFormatter.ofPattern(
                "EEE MMM dd uuuu HH:mm:ss", java.util.Locale.ENGLISH))
        .toInstant(java.time.ZoneOffset.UTC);
  }

  private static byte[] rewrite(byte[] pack) {
    return rewrite(pack, "");
  }

  private static byte[] rewrite(byte[] pack, String vector) {
    PackReader reader = PackReader.of(pack);
    List<StoredObject> objects = objects(reader);
    // One BSON vector has a diff's field order without a diff's header.
    PackHeader header =
        vector.equals("diff-key-order") && !reader.header().isDiff()
            ? new PackHeader(reader.header().timestamp(), java.util.Map.of(PackHeader.CHAIN, ""))
            : reader.header();
    byte[] written =
        PackWriter.write(header, type -> objects.stream().filter(o -> o.type() == type));
    return header.equals(reader.header()) ? written : withHeaderOf(pack, written);
  }

  /** The written pack with its header replaced by the other's: both end with the header. */
  private static byte[] withHeaderOf(byte[] pack, byte[] written) {
    int length = pack.length - indexOfHeader(pack);
    byte[] joined = java.util.Arrays.copyOf(written, indexOfHeader(written) + length);
    System.arraycopy(pack, indexOfHeader(pack), joined, indexOfHeader(written), length);
    for (int i = 0; i < 4; i++) {
      joined[i] = (byte) (joined.length >> (8 * i));
    }
    return joined;
  }

  private static int indexOfHeader(byte[] pack) {
    return new String(pack, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf("_header");
  }

  private static List<StoredObject> objects(PackReader reader) {
    List<StoredObject> objects = new ArrayList<>();
    reader.forEach(objects::add);
    return objects;
  }

  private static List<String> hashes(List<StoredObject> objects, ObjectType type) {
    return objects.stream().filter(o -> o.type() == type).map(o -> o.hash().hex()).toList();
  }

  /** The large pack's expectations list hashes alone. */
  private static List<String> hashes(Json expected, String section) {
    String name =
        section.equals("trees") && object(expected).get("trees").isEmpty()
            ? "tree_hashes"
            : section;
    return array(expected, name).stream()
        .map(item -> item instanceof Json.Str hash ? hash.text() : text(item, "hash"))
        .toList();
  }

  @Test
  void keepsTheBytesOfBlobs() {
    List<StoredObject> objects = objects(PackReader.open(path("packs/single-export.bin")));
    assertThat(objects)
        .filteredOn(Blob.class::isInstance)
        .singleElement()
        .isEqualTo(Blob.of("hello world".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }
}
