package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.Retry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often an exchange is tried, and what is known after it. */
class SyncLimitsTest {
  private final Devices devices;
  private final InMemoryRelay relay;

  SyncLimitsTest(@TempDir Path folder) {
    devices = new Devices(folder);
    relay = devices.relay;
  }

  @Test
  void givesUpAfterEightConnectionsThatAreLostAtOnce() {
    Repository a = devices.device("a");
    relay.endConnections(AfterClose.RECONNECT);
    assertThatThrownBy(() -> devices.sync(a)).isInstanceOf(ConnectionLostException.class);
    assertThat(relay.connects()).isEqualTo(8);
    assertThat(devices.losses).containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void pausesLongerAfterEachRefusalAndGivesUpAfterEight() {
    Repository a = devices.device("a");
    Devices.put(a, "f", "1");
    relay.refuse(
        op -> op instanceof ClientOp.Push,
        new InMemoryRelay.Refusal("unavailable", Retry.AFTER, null));
    assertThatThrownBy(() -> devices.sync(a)).isInstanceOf(TryLaterException.class);
    assertThat(devices.losses).hasSizeBetween(7, 8);
  }

  @Test
  void remembersWhereTheRelayStoodAfterAPushAndAfterAPull() {
    Repository a = devices.device("a");
    Repository b = devices.device("b");
    Hash head = Devices.put(a, "f", "1");
    Syncer syncer = devices.syncer(a);
    SyncOutcome.Done pushed = (SyncOutcome.Done) syncer.sync(Syncer.Direction.BOTH);
    assertThat(pushed.objectsReceived()).isZero();
    assertThat(syncer.state().head()).isEqualTo(head);
    assertThat(syncer.state()).isEqualTo(Devices.state(a));
    assertThat(syncer.state().seq()).isEqualTo(1);
    SyncOutcome.Done pulled = devices.sync(b);
    assertThat(pulled.objectsReceived()).isEqualTo(3);
    assertThat(Devices.state(b).head()).isEqualTo(head);
    assertThat(Devices.state(b).seq()).isEqualTo(1);
  }

  @Test
  void fetchesOnlyWhatCameSince() {
    Repository a = devices.device("a");
    Repository b = devices.device("b");
    Devices.put(a, Devices.files(20));
    devices.sync(a);
    devices.sync(b);
    int before = relay.delivered();
    Devices.put(a, "g", "2");
    devices.sync(a);
    assertThat(devices.sync(b).objectsReceived()).isEqualTo(3);
    assertThat(relay.delivered() - before).isEqualTo(3);
  }
}
