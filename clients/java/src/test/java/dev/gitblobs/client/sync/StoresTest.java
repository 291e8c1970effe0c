package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.sync.Syncer.Direction;
import dev.gitblobs.client.sync.Syncer.Making;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store is made on purpose, and one that was removed stays so. */
class StoresTest {
  @TempDir private Path folder;

  private Devices devices;
  private Repository laptop;
  private Hash commit;

  @BeforeEach
  void commitSomething() {
    devices = new Devices(folder);
    laptop = devices.device("laptop");
    commit = Devices.put(laptop, "f", "kept");
  }

  private SyncOutcome sync(Making making) {
    return devices.syncer(laptop, making).sync(Direction.BOTH);
  }

  private void refused(Making making, boolean isRemoved) {
    assertThatThrownBy(() -> sync(making))
        .isInstanceOfSatisfying(
            NoStoreException.class, e -> assertThat(e.isRemoved()).isEqualTo(isRemoved));
    assertThat(laptop.store().head()).contains(commit);
  }

  private long storeId() {
    return Objects.requireNonNull(Devices.state(laptop).storeId());
  }

  @Test
  void isMadeByNobodyWhoMayNot() {
    devices.relay.remove();
    refused(Making.NEVER, false);
    assertThat(devices.relay.connects()).as("it is no use to try again").isEqualTo(1);
  }

  @Test
  void isMadeWhereItIsNewAndThenKnownByItsId() {
    devices.relay.remove();
    assertThat(sync(Making.WHERE_NEW)).isInstanceOf(SyncOutcome.Done.class);
    assertThat(devices.relay.head()).isEqualTo(commit.hex());
    assertThat(storeId()).isEqualTo(2);
  }

  @Test
  void isKnownByItsIdOnceItWasOpened() {
    assertThat(sync(Making.NEVER)).isInstanceOf(SyncOutcome.Done.class);
    assertThat(storeId()).isEqualTo(1);
  }

  @Test
  void thatWasRemovedIsNotBroughtBackByADeviceThatSlept() {
    sync(Making.NEVER);
    devices.relay.remove();
    refused(Making.WHERE_NEW, true);
    devices.relay.make("notes");
    refused(Making.WHERE_NEW, true);
    assertThat(devices.relay.head()).isNull();
  }

  @Test
  void thatWasRemovedIsMadeAnewWhereTheUserWantsIt() {
    sync(Making.NEVER);
    devices.relay.remove();
    assertThat(sync(Making.ANEW)).isInstanceOf(SyncOutcome.Done.class);
    assertThat(devices.relay.head()).isEqualTo(commit.hex());
    assertThat(storeId()).isEqualTo(2);
    Repository phone = devices.device("phone");
    devices.sync(phone);
    assertThat(phone.store().head()).contains(commit);
  }

  @Test
  void thatIsRemovedEndsAConnectionForGood() {
    try (RelayConnection connection = devices.relay.connect("notes", null)) {
      devices.relay.remove();
      assertThatThrownBy(() -> connection.ping()).isInstanceOf(ConnectionLostException.class);
    }
  }

  @Test
  void ofAnotherIdIsAnotherStore() {
    SyncState one = SyncState.fresh("http://localhost", "notes", "laptop").seen(1, "e1", 7, commit);
    SyncState anew = one.attached(new MadeStore(2, "e2", true));
    assertThat(anew.isOfSame(one)).isFalse();
    assertThat(anew.seq()).isZero();
    assertThat(anew.head()).isNull();
    assertThat(one.seen(2, "e1", 3, commit).seq()).as("numbers begin anew").isEqualTo(3);
  }
}
