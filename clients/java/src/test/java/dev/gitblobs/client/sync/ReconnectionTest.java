package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconnectionTest {
  private final Devices devices;
  private final Reconnection reconnection;

  ReconnectionTest(@TempDir Path folder) {
    devices = new Devices(folder);
    reconnection = new Reconnection(devices.relay, devices);
  }

  private static ConnectionLostException loss(AfterClose then) {
    return new ConnectionLostException("cut.", then, null);
  }

  private List<Integer> losses() {
    return new ArrayList<>(devices.losses);
  }

  @Test
  void waitsAfterEachLossAndLongerAfterEachInARow() {
    for (int i = 0; i < 3; i++) {
      reconnection.lost(loss(AfterClose.RECONNECT));
    }
    assertThat(losses()).containsExactly(0, 1, 2);
    assertThat(reconnection.failures()).isEqualTo(3);
    assertThat(devices.relay.tokens()).isZero();
  }

  @Test
  void beginsAnewAfterAConnectionThatWasOfUse() {
    reconnection.lost(loss(AfterClose.RECONNECT));
    reconnection.worked();
    reconnection.lost(loss(AfterClose.RECONNECT));
    assertThat(losses()).containsExactly(0, 0);
  }

  @Test
  void doesNotComeBackWhenThatIsOfNoUse() {
    ConnectionLostException end = loss(AfterClose.STOP);
    assertThatThrownBy(() -> reconnection.lost(end)).isSameAs(end);
    assertThat(losses()).isEmpty();
  }

  @Test
  void refreshesTheTokenOnceForEachConnectionThatWasOfUse() {
    reconnection.lost(loss(AfterClose.REFRESH));
    assertThatThrownBy(() -> reconnection.lost(loss(AfterClose.REFRESH)))
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.then()).isEqualTo(AfterClose.STOP))
        .hasMessageContaining("log in again");
    assertThat(devices.relay.tokens()).isEqualTo(1);
    reconnection.worked();
    reconnection.lost(loss(AfterClose.REFRESH));
    assertThat(devices.relay.tokens()).isEqualTo(2);
  }

  @Test
  void waitsAsLongAsItWasAskedToAndTheJitterOnTopOfIt() {
    reconnection.lost(
        new ConnectionLostException(
            "busy.", AfterClose.RECONNECT, null, Optional.of(Duration.ofSeconds(7))));
    assertThat(devices.waited).containsExactly(Duration.ofSeconds(7));
    assertThat(losses()).containsExactly(0);
  }

  @Test
  void refreshesAgainAfterARefreshThatOnlyWasNotToBeHadForNow() {
    Relay flaky = new FlakyRelay(devices.relay);
    Reconnection patient = new Reconnection(flaky, devices);
    patient.lost(loss(AfterClose.REFRESH));
    assertThat(losses()).as("it was waited").containsExactly(0);
    patient.lost(loss(AfterClose.REFRESH));
    assertThat(devices.relay.tokens()).isEqualTo(1);
  }

  /** A relay whose first refresh is lost. */
  private static final class FlakyRelay implements Relay {
    private final Relay relay;
    private int calls;

    FlakyRelay(Relay relay) {
      this.relay = relay;
    }

    @Override
    public RelayConnection connect(String store, @Nullable Long id) {
      return relay.connect(store, id);
    }

    @Override
    public MadeStore make(String store) {
      throw new AssertionError("nobody asked for it");
    }

    @Override
    public String freshToken() {
      if (calls++ == 0) {
        throw loss(AfterClose.RECONNECT);
      }
      return relay.freshToken();
    }
  }
}
