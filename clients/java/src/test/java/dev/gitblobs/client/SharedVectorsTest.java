package dev.gitblobs.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.TreeMerge;
import dev.gitblobs.client.json.EcmaNumber;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.KeyOrder;
import dev.gitblobs.client.object.Metadata;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The vectors that the TypeScript client reads too. {@code canonical.json} is made here: run with
 * {@code -DargLine=-Dvectors.write=true} to write it anew after a change of what both must do.
 */
class SharedVectorsTest {
  private static final Path FOLDER = Path.of("../../protocol/vectors");

  @Test
  void canonicalTextIsAsTheVectorsSay() throws IOException {
    agree(
        "canonical.json",
        Json.object(
            "about", Json.of("Made by SharedVectorsTest. Key order, numbers, hashed texts."),
            "numbers", numbers(),
            "sorted_keys", sortedKeys(),
            "metadata", metadata()));
  }

  @Test
  void mergesAreAsTheVectorsSay() throws IOException {
    Json vectors = JsonReader.read(Files.readAllBytes(FOLDER.resolve("merge.json")));
    List<Json> cases = GoldenData.array(vectors, "cases");
    assertThat(cases).isNotEmpty();
    for (Json vector : cases) {
      TreeMerge merge =
          TreeMerge.of(
              GoldenData.array(vector, "bases").stream().map(SharedVectorsTest::tree).toList(),
              tree(GoldenData.member(vector, "ours")),
              tree(GoldenData.member(vector, "theirs")),
              ConflictResolver.NONE);
      String name = GoldenData.text(vector, "name");
      Map<String, TreeEntry> expected = new LinkedHashMap<>();
      for (Json pair : GoldenData.array(vector, "merged")) {
        List<Json> items = GoldenData.items(pair);
        expected.put(GoldenData.text(items.get(0)), entry(items.get(1)));
      }
      Tree merged = Tree.of(merge.entries());
      assertThat(merged.entries()).as(name).isEqualTo(expected);
      assertThat(merged.entries().keySet()).as(name).containsExactlyElementsOf(expected.keySet());
      List<Conflict> conflicts = new ArrayList<>();
      GoldenData.object(GoldenData.member(vector, "conflicts"))
          .members()
          .forEach(
              (path, sides) -> {
                List<Json> items = GoldenData.items(sides);
                conflicts.add(
                    new Conflict(path, side(items.get(0)), side(items.get(1)), side(items.get(2))));
              });
      assertThat(merge.conflicts()).as(name).containsExactlyInAnyOrderElementsOf(conflicts);
    }
  }

  private static void agree(String name, Json.Obj made) throws IOException {
    Path file = FOLDER.resolve(name);
    if (Boolean.getBoolean("vectors.write")) {
      // One member of the top level, or one item of a list, on a line.
      String text = made.toText().replace("},{", "},\n{").replace("],[", "],\n[");
      Files.writeString(file, text + "\n");
    }
    assertThat(JsonReader.read(Files.readAllBytes(file))).isEqualTo(made);
  }

  private static Json numbers() {
    List<Double> values =
        new ArrayList<>(
            List.of(
                0.0,
                -0.0,
                0.1,
                -1.5,
                1e21,
                1e20,
                1e-6,
                1e-7,
                Double.MIN_VALUE,
                4.35,
                1.0 / 3,
                2e-3));
    values.addAll(List.of(Double.MAX_VALUE, 0x1p53, 1.2345678901234568e20));
    Random random = new Random(1);
    while (values.size() < 200) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (!Double.isNaN(value) && !Double.isInfinite(value)) {
        values.add(value);
      }
    }
    return Json.array(
        values.stream()
            .map(
                value ->
                    Json.object(
                        "bits", Json.of(String.format("%016x", Double.doubleToLongBits(value))),
                        "text", Json.of(EcmaNumber.toText(value))))
            .toList());
  }

  private static Json sortedKeys() {
    Random random = new Random(2);
    List<String> keys =
        new ArrayList<>(
            List.of("é", "e", "f", "ß", "ss", "st", "日本", "ñandu", "nandu", "Å", "z", "aa", "ch"));
    while (keys.size() < 150) {
      StringBuilder key = new StringBuilder();
      for (int i = random.nextInt(6); i >= 0; i--) {
        key.append("aAbBzZ019._-/ (é".charAt(random.nextInt(16)));
      }
      // Keys that compare equal would make the order one of insertion.
      if (keys.stream().allMatch(other -> KeyOrder.ROOT.compare(other, key.toString()) != 0)) {
        keys.add(key.toString());
      }
    }
    keys.sort(KeyOrder.ROOT);
    return Json.texts(keys);
  }

  private static Json metadata() {
    List<Json> vectors = new ArrayList<>();
    for (String text :
        List.of(
            "{}",
            "{\"b\":1,\"a\":[true,null,{\"y\":1,\"x\":2}]}",
            "{\"10\":1,\"9\":2,\"z\":{\"2\":0,\"1\":0,\"b\":0},\"-1\":3,\"01\":4}",
            "{\"a\":\"\\u0000\\b\\t\\n\\f\\r\\u001f\\\"\\\\/\\u007f\\u2028\\ud800\"}",
            "{\"n\":[1e21,1e-7,0.000001,100,-0]}",
            "{\"Ä\":1,\"a\":2,\"A\":3,\"B\":4,\"z\":5,\"é\":6,\"e\":7}")) {
      Metadata metadata = Metadata.of((Json.Obj) JsonReader.read(text));
      vectors.add(
          Json.object(
              "json", Json.of(text),
              "canonical",
                  Json.of(new String(metadata.wireBytes().orElseThrow(), StandardCharsets.UTF_8)),
              "hash", Json.of(metadata.hash().hex())));
    }
    return Json.array(vectors);
  }

  private static Tree tree(Json files) {
    Map<String, TreeEntry> entries = new LinkedHashMap<>();
    GoldenData.object(files).members().forEach((path, file) -> entries.put(path, entry(file)));
    return Tree.of(entries);
  }

  /** A letter stands for a blob; a prime for metadata. */
  private static TreeEntry entry(Json file) {
    String letter = GoldenData.text(file);
    Hash blob = hash(letter.replace("'", ""));
    return letter.endsWith("'") ? TreeEntry.of(blob, hash("metadata")) : TreeEntry.of(blob);
  }

  private static @Nullable TreeEntry side(Json file) {
    return file instanceof Json.Str ? entry(file) : null;
  }

  private static Hash hash(String text) {
    return Blob.of(text.getBytes(StandardCharsets.UTF_8)).hash();
  }
}
