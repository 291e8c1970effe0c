package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.StoreCheck;
import dev.gitblobs.client.store.StoreWriter;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.Retry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {
  private static final int FILES = 60;

  private final Devices devices;
  private final InMemoryRelay relay;

  ResumeTest(@TempDir Path folder) {
    devices = new Devices(folder);
    relay = devices.relay;
  }

  private Hash pushFiles() {
    Repository a = devices.device("a");
    Hash head = Devices.put(a, Devices.files(FILES));
    devices.sync(a);
    return head;
  }

  @Test
  void goesOnDownloadingWhereItWasCutAndDoesNotTireWhileItGetsFurther() {
    Hash head = pushFiles();
    relay.pageOf(3);
    int[] pages = {0};
    relay.beforePage(
        () -> {
          if (++pages[0] % 2 == 0) {
            relay.cutAfter(1);
          }
        });
    Repository b = devices.device("b");
    assertThat(devices.sync(b).head()).isEqualTo(head);
    assertThat(relay.connects()).isGreaterThan(8);
    assertThat(relay.delivered()).isLessThan(2 * FILES + 10);
    assertThat(StoreCheck.run(b.store(), count -> {}).findings()).isEmpty();
  }

  @Test
  void goesOnInAnotherProcessWhereTheFirstWasKilled() {
    Hash head = pushFiles();
    relay.pageOf(10);
    int[] pages = {0};
    relay.beforePage(
        () -> {
          if (++pages[0] == 4) {
            throw new IllegalStateException("killed");
          }
        });
    Repository b = devices.device("b");
    assertThatThrownBy(() -> devices.sync(b)).hasMessage("killed");
    int before = relay.delivered();
    assertThat(devices.sync(b).head()).isEqualTo(head);
    assertThat(relay.delivered() - before).isEqualTo(FILES + 2 - 30);
    assertThat(Devices.state(b).next()).isNull();
  }

  @Test
  void startsTheFetchAnewWhenTheRelayDoesNotKnowThePage() {
    Hash head = pushFiles();
    Repository b = devices.device("b");
    Devices.state(b).fetching("e1", 0, "9999").save(b.store().ownFolder());
    assertThat(devices.sync(b).head()).isEqualTo(head);
  }

  @Test
  void leavesTheStoreToOthersDuringADownload() {
    pushFiles();
    relay.pageOf(5);
    Repository b = devices.device("b");
    AtomicInteger turns = new AtomicInteger();
    relay.beforePage(
        () -> {
          try (StoreWriter other = b.store().writer()) {
            turns.incrementAndGet();
          }
        });
    devices.sync(b);
    assertThat(turns).hasValueGreaterThan(5);
  }

  @Test
  void sendsTheSameAgainAfterThePauseTheRelayAsksFor() {
    Repository a = devices.device("a");
    Hash head = Devices.put(a, "f", "1");
    AtomicInteger refusals = new AtomicInteger(2);
    relay.refuse(
        op -> op instanceof ClientOp.Put && refusals.getAndDecrement() > 0,
        new InMemoryRelay.Refusal("unavailable", Retry.AFTER, 1234L));
    assertThat(devices.sync(a).isPushed()).isTrue();
    assertThat(relay.head()).isEqualTo(head.hex());
    assertThat(devices.waited).contains(Duration.ofMillis(1234));
    assertThat(relay.connects()).isEqualTo(1);
  }

  @Test
  void renewsItsTokenWhenARequestIsRefusedForWantOfOne() {
    Repository a = devices.device("a");
    Devices.put(a, "f", "1");
    relay.refuse(
        op -> op instanceof ClientOp.Put && relay.accepted().isEmpty(),
        new InMemoryRelay.Refusal("bad_token", Retry.REAUTH, null));
    assertThat(devices.sync(a).isPushed()).isTrue();
    assertThat(relay.accepted()).containsExactly("token-1");
    assertThat(relay.connects()).isEqualTo(1);
  }

  @Test
  void givesUpOnARelayThatAlwaysAsksForAPause() {
    Repository a = devices.device("a");
    Devices.put(a, "f", "1");
    relay.refuse(
        op -> op instanceof ClientOp.Push,
        new InMemoryRelay.Refusal("unavailable", Retry.AFTER, null));
    assertThatThrownBy(() -> devices.sync(a)).hasMessageContaining("unavailable");
    relay.refuse(op -> false);
    assertThat(devices.sync(a).isPushed()).isTrue();
  }

  @Test
  void pushesMoreObjectsThanOnePushMayDeclare() {
    relay.declareAtMost(25);
    Repository a = devices.device("a");
    Hash head = Devices.put(a, Devices.files(FILES));
    try (RelaySession session = RelaySession.open(relay, "notes", null, "a", () -> {})) {
      assertThat(new Pusher(session, a.store(), SyncProgress.SILENT, 25).push(head))
          .isEqualTo(new Pusher.Outcome.Accepted(FILES + 2));
    }
    Repository b = devices.device("b");
    assertThat(devices.sync(b).head()).isEqualTo(head);
    assertThat(StoreCheck.run(b.store(), count -> {}).findings()).isEmpty();
  }
}
