package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ObjectType;
import dev.gitblobs.protocol.ServerOp;
import dev.gitblobs.protocol.SizedKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the objects that a relay sends, whole or in parts. */
class ArrivalsTest {
  private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.UTF_8);
  private static final String HASH = Body.of(BYTES).sha256();
  private static final ObjectId ID = WireObject.id(new ObjectKey(ObjectType.BLOB, HASH));

  private final FileStore store;
  private final List<Long> told = new ArrayList<>();
  private final Arrivals arrivals;

  ArrivalsTest(@TempDir Path folder) {
    store = new Devices(folder).device("a").store();
    arrivals = new Arrivals(store, (phase, done, all) -> told.add(done));
  }

  private static ServerOp.Part part(int size, int from, int to) {
    Body body = Body.of(BYTES).slice(from, to);
    return new ServerOp.Part(1, ObjectType.BLOB, HASH, size, from, to - from, body);
  }

  private static ServerOp.Objects objects(ObjectType type, String hash, byte[] bytes) {
    return new ServerOp.Objects(1, List.of(new SizedKey(type, hash, bytes.length)), Body.of(bytes));
  }

  private void isOutOfOrder(ServerOp.Part part) {
    assertThatThrownBy(() -> arrivals.take(part))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("out of order");
  }

  @Test
  void anObjectIsHereOnceItIsSettled() {
    arrivals.take(objects(ObjectType.BLOB, HASH, BYTES));
    assertThat(told).containsExactly(1L);
    assertThat(arrivals.has(ID)).isFalse();
    arrivals.settle();
    assertThat(arrivals.has(ID)).isTrue();
    assertThat(store.contains(ID)).isTrue();
    assertThat(arrivals.count()).isEqualTo(1);
    assertThat(new Arrivals(store, SyncProgress.SILENT).has(ID)).as("from before").isTrue();
  }

  @Test
  void partsBecomeAnObjectWithTheLastOfThem() {
    arrivals.take(part(10, 0, 4));
    arrivals.take(part(10, 4, 9));
    arrivals.settle();
    assertThat(arrivals.count()).isZero();
    arrivals.take(part(10, 9, 10));
    arrivals.settle();
    assertThat(store.contains(ID)).isTrue();
    isOutOfOrder(part(10, 4, 10));
  }

  @Test
  void partsMayBeginAnew() {
    arrivals.take(part(10, 0, 4));
    arrivals.take(part(10, 0, 5));
    arrivals.take(part(10, 5, 10));
    arrivals.settle();
    assertThat(store.contains(ID)).isTrue();
  }

  @Test
  void partsThatLeaveAGapOrOverrunTheirObjectAreRefused() {
    isOutOfOrder(part(10, 4, 10));
    arrivals.take(part(10, 0, 4));
    isOutOfOrder(part(10, 5, 10));
    isOutOfOrder(part(9, 4, 10));
  }

  @Test
  void bytesThatAreNotTheObjectAreNotKept() {
    assertThatThrownBy(() -> arrivals.take(objects(ObjectType.BLOB, "a".repeat(64), BYTES)))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("bytes that are not that object");
    for (ObjectType type : List.of(ObjectType.TREE, ObjectType.COMMIT, ObjectType.METADATA)) {
      assertThatThrownBy(() -> arrivals.take(objects(type, HASH, BYTES)))
          .isInstanceOf(GitBlobsException.class)
          .hasMessageContaining("malformed");
    }
    arrivals.settle();
    assertThat(arrivals.count()).isZero();
  }
}
