package dev.gitblobs.client.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.GoldenData;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LineMergeTest {
  private static final Path VECTORS = Path.of("../../protocol/vectors/merge.json");

  /** A case of the vectors that the TypeScript client reads too. */
  private record Vector(String name, Json.Obj json) {
    byte @Nullable [] side(String side) {
      return content(json.get(side).orElse(Json.Nil.NULL));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Vector> vectors() throws IOException {
    Json all = JsonReader.read(Files.readAllBytes(VECTORS));
    return GoldenData.array(all, "texts").stream()
        .map(item -> new Vector(GoldenData.text(item, "name"), (Json.Obj) item));
  }

  private static byte @Nullable [] content(Json json) {
    if (json instanceof Json.Nil) {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(json, out);
    return out.toByteArray();
  }

  private static void write(Json json, ByteArrayOutputStream out) {
    if (json instanceof Json.Str text) {
      out.writeBytes(text.text().getBytes(StandardCharsets.UTF_8));
    } else if (json instanceof Json.Arr parts) {
      parts.items().forEach(part -> write(part, out));
    } else if (json instanceof Json.Obj object && object.text("hex").isPresent()) {
      out.writeBytes(HexFormat.of().parseHex(object.text("hex").orElseThrow()));
    } else if (json instanceof Json.Obj object) {
      String text = object.text("repeat").orElseThrow();
      int times = (int) ((Json.Num) object.get("times").orElseThrow()).value();
      out.writeBytes(text.repeat(times).getBytes(StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void mergesAsTheVectorsSay(Vector vector) {
    byte[] base = vector.side("base");
    byte[] ours = vector.side("ours");
    byte[] theirs = vector.side("theirs");
    boolean isConflict = vector.json().get("conflict").isPresent();
    if (base == null || ours == null || theirs == null) {
      // A matter of the tree: see TreeMergeTest.
      assertThat(isConflict || same(ours, theirs) || same(base, ours) || same(base, theirs))
          .isTrue();
      return;
    }
    // One-sided changes are decided before, by the tree, also of what is no text.
    Optional<byte[]> merged =
        same(ours, theirs) || same(base, theirs)
            ? Optional.of(ours)
            : same(base, ours) ? Optional.of(theirs) : LineMerge.merge(base, ours, theirs);
    assertThat(merged.isEmpty()).isEqualTo(isConflict);
    merged.ifPresent(bytes -> assertThat(bytes).isEqualTo(vector.side("merged")));
    if (LineMerge.isText(base) && LineMerge.isText(ours) && LineMerge.isText(theirs)) {
      assertThat(LineMerge.merge(theirs, ours, theirs)).get().isEqualTo(ours);
      assertThat(LineMerge.merge(base, theirs, ours).isEmpty()).isEqualTo(isConflict);
    }
  }

  private static boolean same(byte @Nullable [] a, byte @Nullable [] b) {
    return Arrays.equals(a, b);
  }

  /** Edits of lines that stay apart always merge, to what both edits in turn would give. */
  @Test
  void mergesAllEditsThatStayApart() {
    Random random = new Random(19);
    for (int round = 0; round < 500; round++) {
      List<String> base = new ArrayList<>();
      int size = 4 + random.nextInt(40);
      for (int i = 0; i < size; i++) {
        base.add("line " + i);
      }
      List<String> ours = new ArrayList<>(base);
      List<String> theirs = new ArrayList<>(base);
      List<String> both = new ArrayList<>(base);
      for (int i = 0; i < size; i += 2) {
        // Every other line may change; the one between stays and keeps the changes apart.
        String changed = random.nextBoolean() ? "" : "changed " + i + "\nand more";
        int side = random.nextInt(3);
        if (side < 2) {
          (side == 0 ? ours : theirs).set(i, changed);
          both.set(i, changed);
        }
      }
      String end = random.nextBoolean() ? "\r\n" : "\n";
      assertThat(LineMerge.merge(text(base, end), text(ours, end), text(theirs, end)))
          .get()
          .isEqualTo(text(both, end));
    }
  }

  private static byte[] text(List<String> lines, String end) {
    StringBuilder text = new StringBuilder();
    lines.stream().filter(line -> !line.isEmpty()).forEach(line -> text.append(line).append(end));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
