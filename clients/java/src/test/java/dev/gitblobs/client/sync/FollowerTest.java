package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repositories;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.FaultyStores;
import dev.gitblobs.client.store.StoreCheck;
import dev.gitblobs.client.store.StoreLockedException;
import dev.gitblobs.client.store.StoreWriter;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {
  private final Devices devices;
  private final InMemoryRelay relay;

  FollowerTest(@TempDir Path folder) {
    devices = new Devices(folder);
    relay = devices.relay;
  }

  private LiveDevice live(Repository repository, Predicate<SyncOutcome> goal) {
    return new LiveDevice(devices.syncer(repository), repository, goal);
  }

  @Test
  void bringsTwoLiveDevicesToOneHead() throws Exception {
    Repository a = devices.device("a");
    Repository b = devices.device("b");
    Devices.put(a, "f", "1");
    devices.sync(a);
    devices.sync(b);
    Predicate<SyncOutcome> isConverged =
        outcome ->
            a.store().head().equals(b.store().head())
                && a.files().entries().keySet().containsAll(List.of("from-a", "from-b"));
    try (LiveDevice liveA = live(a, isConverged);
        LiveDevice liveB = live(b, isConverged)) {
      Devices.put(a, "from-a", "1");
      Devices.put(b, "from-b", "2");
      // whoever comes last sees both heads in one place
      CompletableFuture.anyOf(liveA.met(), liveB.met()).get(60, TimeUnit.SECONDS);
    }
    assertThat(a.store().head()).isEqualTo(b.store().head());
    assertThat(relay.head()).isEqualTo(a.store().head().orElseThrow().hex());
  }

  @Test
  void pushesACommitThatIsMadeWhileAnExchangeEnds() throws Exception {
    Repository a = devices.device("a");
    Devices.put(a, "f", "1");
    AtomicReference<Hash> late = new AtomicReference<>();
    Predicate<SyncOutcome> goal =
        outcome -> {
          if (late.get() == null) {
            late.set(Devices.put(a, "late", "2"));
          }
          return late.get().hex().equals(relay.head());
        };
    try (LiveDevice live = live(a, goal)) {
      live.await();
    }
  }

  @Test
  void renewsItsTokenBeforeThatEndsAndStaysConnected() throws Exception {
    Repository a = devices.device("a");
    Devices.put(a, "f", "1");
    AtomicInteger exchanges = new AtomicInteger();
    Predicate<SyncOutcome> goal =
        outcome -> {
          if (exchanges.incrementAndGet() == 1) {
            relay.sayAuthSoon();
            Devices.put(a, "g", "2");
          }
          return exchanges.get() == 2;
        };
    try (LiveDevice live = live(a, goal)) {
      live.await();
      assertThat(live.troubles).isEmpty();
    }
    assertThat(relay.accepted()).containsExactly("token-1");
    assertThat(relay.connects()).isEqualTo(1);
  }

  @Test
  void waitsLongerAndLongerWhileNoConnectionLasts() throws Exception {
    Repository a = devices.device("a");
    relay.endConnections(AfterClose.RECONNECT);
    try (LiveDevice live = live(a, outcome -> true)) {
      for (int failures = 0; failures < 5; failures++) {
        assertThat(devices.losses.poll(60, TimeUnit.SECONDS)).isEqualTo(failures);
      }
      relay.endConnections(null);
      live.await();
    }
  }

  @Test
  void goesOnWhateverItsListenersThrow() throws Exception {
    Repository a = devices.device("a");
    Devices.put(a, "f", "1");
    AtomicInteger exchanges = new AtomicInteger();
    CompletableFuture<Void> second = new CompletableFuture<>();
    AtomicBoolean isEnded = new AtomicBoolean();
    Follower follower =
        new Follower(
            devices.syncer(a),
            a.store(),
            outcome -> {
              if (exchanges.incrementAndGet() == 1) {
                Devices.put(a, "g", "2");
                throw new IllegalStateException("a bug of the listener");
              }
              second.complete(null);
            },
            trouble -> {});
    CompletableFuture<Void> run = CompletableFuture.runAsync(() -> follower.run(isEnded::get));
    second.get(60, TimeUnit.SECONDS);
    isEnded.set(true);
    run.get(60, TimeUnit.SECONDS);
    assertThat(relay.head()).isEqualTo(a.store().head().orElseThrow().hex());
    assertThat(relay.connects()).isEqualTo(1);
  }

  @Test
  void refreshesItsTokenOnceAfterTheRelayEndedTheSession() throws Exception {
    Repository a = devices.device("a");
    relay.endConnections(AfterClose.REFRESH);
    try (LiveDevice live = live(a, outcome -> true)) {
      assertThat(live.failure())
          .isInstanceOf(ConnectionLostException.class)
          .hasMessageContaining("log in again");
    }
    assertThat(relay.tokens()).isEqualTo(1);
    assertThat(relay.connects()).isEqualTo(2);
  }

  @Test
  void outlivesAStoreThatAnotherProcessKeepsLocked() throws Exception {
    Repository a = devices.device("a");
    Repository b = devices.device("b");
    Devices.put(a, "f", "1");
    devices.sync(a);
    Repository impatient =
        Repositories.of(FaultyStores.impatient(b.store().base()), devices.author("b"));
    Predicate<SyncOutcome> goal = outcome -> b.store().head().equals(a.store().head());
    StoreWriter other = b.store().writer();
    try (LiveDevice live = live(impatient, goal)) {
      assertThat(live.troubles.poll(60, TimeUnit.SECONDS)).isInstanceOf(StoreLockedException.class);
      other.close();
      live.await();
      assertThat(live.troubles)
          .allSatisfy(e -> assertThat(e).isInstanceOf(StoreLockedException.class));
    }
  }

  @Test
  void isNotThrownOutByAnotherProcessWithTheSameCopy() throws Exception {
    Repository a = devices.device("a");
    Devices.put(a, "f", "1");
    Predicate<SyncOutcome> goal = outcome -> a.files().entries().containsKey("h");
    try (LiveDevice live = live(a, outcome -> true)) {
      live.await();
      Devices.put(a, "g", "2");
      devices.sync(a);
      assertThat(relay.head()).isEqualTo(a.store().head().orElseThrow().hex());
      assertThat(live.troubles).isEmpty();
      try (LiveDevice second = live(a, goal)) {
        Devices.put(a, "h", "3");
        second.await();
        assertThat(second.troubles).isEmpty();
      }
    }
  }

  @Test
  @Tag("long")
  void bringsBackEverythingTheRelayForgotLargeOrMany() throws Exception {
    Repository a = devices.device("a");
    List<Edit> edits = new ArrayList<>(Devices.files(1_100));
    byte[] large = new byte[3_000_000];
    large[7] = 7;
    edits.add(Edit.put("large", large));
    Devices.put(a, edits);
    devices.sync(a);
    relay.pageOf(500);
    relay.forget(key -> key.type() == dev.gitblobs.protocol.ObjectType.BLOB);
    try (LiveDevice live = live(a, outcome -> true)) {
      live.await();
      Repository b = devices.device("b");
      devices.sync(b);
      assertThat(b.read("large")).hasValue(large);
      assertThat(StoreCheck.run(b.store(), count -> {}).findings()).isEmpty();
    }
  }
}
