package dev.gitblobs.client.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Metadata;
import dev.gitblobs.client.object.Signature;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.io.BasicOutputBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostilePackTest {
  private static final Signature ADA =
      new Signature("Ada", "ada@example.org", "2024-01-01T00:00:00.000Z");

  @Test
  void readsOrRefusesEveryDamagedPackAndNeverBelievesALength() {
    byte[] pack = sample();
    Random random = new Random(11);
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 50_000; i++) {
      byte[] damaged = damage(pack, random);
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        PackReader.of(damaged).forEach(object -> assertThat(object.hash()).isNotNull());
      } catch (InvalidPackException refused) {
        assertThat(refused).hasMessageContaining("Nothing was imported");
      }
      // ICU's tables are loaded once, on the way; they take some megabytes.
      long limit = i < 5_000 ? 64L << 20 : 4L << 20;
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(limit);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -(1L << 53), 1L << 53, Long.MAX_VALUE})
  void refusesAWholeNumberThatJavaScriptCannotHold(long number) {
    assertThatThrownBy(() -> readInt64(number))
        .isInstanceOf(InvalidPackException.class)
        .hasMessageContaining("JavaScript");
  }

  @ParameterizedTest
  @ValueSource(longs = {-(1L << 53) + 1, -1, 0, (1L << 53) - 1})
  void readsEveryWholeNumberThatJavaScriptHolds(long number) {
    assertThat(readInt64(number)).isEqualTo(Json.object("n", Json.of((double) number)));
  }

  private static Json readInt64(long number) {
    BasicOutputBuffer out = new BasicOutputBuffer();
    BsonBinaryWriter writer = new BsonBinaryWriter(out);
    writer.writeStartDocument();
    writer.writeInt64("n", number);
    writer.writeEndDocument();
    return BsonJson.readObject(new BsonBinaryReader(ByteBuffer.wrap(out.toByteArray())), 0);
  }

  @Test
  void refusesEveryTruncation() {
    byte[] pack = sample();
    for (int length = 0; length < pack.length; length++) {
      byte[] cut = Arrays.copyOf(pack, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(InvalidPackException.class);
    }
  }

  @Test
  void refusesTrailingBytes() {
    byte[] pack = sample();
    assertThatThrownBy(() -> read(Arrays.copyOf(pack, pack.length + 1)))
        .isInstanceOf(InvalidPackException.class);
  }

  @Test
  void refusesAHashThatIsAPath() {
    byte[] pack = sample();
    String text = new String(pack, StandardCharsets.ISO_8859_1);
    String hash = Blob.of("one".getBytes(StandardCharsets.UTF_8)).hash().hex();
    String hostile = text.replace(hash, "../../../../../../../../../../tmp/" + hash.substring(34));
    assertThat(hostile).isNotEqualTo(text).hasSameSizeAs(text);
    assertThatThrownBy(() -> read(hostile.getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOf(InvalidPackException.class)
        .hasMessageContaining("hash");
  }

  @Test
  void refusesABlobWithAnothersHash() {
    Blob forged = Blob.received(Hash.of(new byte[] {1}), new byte[] {2});
    assertThatThrownBy(() -> read(pack(Optional.empty(), forged)))
        .isInstanceOf(InvalidPackException.class)
        .hasMessageContaining("does not have this hash");
  }

  @Test
  void acceptsACommitThatIsNotItsHashOnlyAsTheHeadOfACompactBackup() {
    Tree tree = Tree.EMPTY;
    Commit full = Commit.of(tree.hash(), List.of(Hash.of(new byte[0])), ADA, ADA, "x");
    Commit shallow =
        new Commit(full.hash(), Commit.of(tree.hash(), List.of(), ADA, ADA, "x").content());
    assertThat(read(pack(Optional.of(full.hash()), shallow, tree))).contains(shallow);
    assertThatThrownBy(() -> read(pack(Optional.of(Hash.of(new byte[0])), shallow, tree)))
        .isInstanceOf(InvalidPackException.class);
    assertThatThrownBy(() -> read(pack(Optional.empty(), shallow, tree)))
        .isInstanceOf(InvalidPackException.class);
  }

  @Test
  void refusesNestingThatWouldOverflowTheStack() {
    BasicOutputBuffer buffer = new BasicOutputBuffer();
    int depth = 900; // the writer's own limit is 1024
    try (BsonBinaryWriter out = new BsonBinaryWriter(buffer)) {
      out.writeStartDocument();
      for (String empty : List.of("commits", "trees", "blobs")) {
        out.writeStartArray(empty);
        out.writeEndArray();
      }
      out.writeStartArray("metadata");
      out.writeStartDocument();
      out.writeString("type", "metadata");
      out.writeStartDocument("content");
      for (int i = 0; i < depth; i++) {
        out.writeStartDocument("data");
      }
      for (int i = 0; i < depth + 2; i++) {
        out.writeEndDocument();
      }
      out.writeEndArray();
      out.writeStartDocument("_header");
      out.writeEndDocument();
      out.writeEndDocument();
    }
    assertThatThrownBy(() -> read(buffer.toByteArray()))
        .isInstanceOf(InvalidPackException.class)
        .hasMessageContaining("too deep");
  }

  @Test
  void readsPacksLargerThanTheOriginalCanWrite() {
    Blob large = Blob.of(new byte[40 << 20]);
    assertThat(read(pack(Optional.empty(), large))).containsExactly(large);
  }

  private static byte[] damage(byte[] pack, Random random) {
    byte[] damaged = pack.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(damaged.length);
      if (random.nextInt(4) == 0 && at + 4 <= damaged.length) {
        Arrays.fill(damaged, at, at + 4, (byte) (random.nextBoolean() ? 0x7f : 0xff));
      } else {
        damaged[at] = (byte) random.nextInt();
      }
    }
    return random.nextInt(8) == 0
        ? Arrays.copyOf(damaged, random.nextInt(damaged.length))
        : damaged;
  }

  private static byte[] sample() {
    Blob blob = Blob.of("one".getBytes(StandardCharsets.UTF_8));
    Metadata metadata =
        Metadata.of(
            Json.object(
                "mime", Json.of("text/plain"), "n", Json.of(1.5), "l", Json.texts(List.of("x"))));
    Tree tree = Tree.of(Map.of("a.txt", TreeEntry.of(blob.hash(), metadata.hash())));
    Commit commit = Commit.of(tree.hash(), List.of(), ADA, ADA, "first");
    return pack(Optional.of(commit.hash()), blob, metadata, tree, commit);
  }

  private static byte[] pack(Optional<Hash> head, StoredObject... objects) {
    PackHeader header = PackHeader.backup(java.time.Instant.EPOCH, head, Optional.empty());
    return PackWriter.write(
        header, type -> Arrays.stream(objects).filter(object -> object.type() == type));
  }

  private static List<StoredObject> read(byte[] pack) {
    List<StoredObject> objects = new ArrayList<>();
    PackReader.of(pack).forEach(objects::add);
    return objects;
  }
}
