package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ObjectType;
import dev.gitblobs.protocol.SizedKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a later version puts into a store for its users' eyes only passes this one by. */
class SealedTest {
  private static final Body PARCEL = Body.of("for others".getBytes(StandardCharsets.UTF_8));
  private static final String HASH = PARCEL.sha256();

  @TempDir private Path folder;

  @Test
  void passesADeviceByBeItFetchedOrAskedFor() {
    Devices devices = new Devices(folder);
    Repository laptop = devices.device("laptop");
    Repository phone = devices.device("phone");
    Hash first = Devices.put(laptop, "f", "open");
    devices.sync(laptop);
    devices.sync(phone);
    try (RelayConnection later = devices.relay.connect("notes", null)) {
      SizedKey key = new SizedKey(ObjectType.SEALED, HASH, PARCEL.length());
      later.send(
          List.of(
              new ClientOp.Hello(Limits.PROTOCOL_VERSION, "later", null, null, null),
              new ClientOp.Have(1, "m", List.of(key)),
              new ClientOp.Put(2, ObjectType.SEALED, HASH, PARCEL.length(), null, PARCEL),
              new ClientOp.Push(3, "m", "parcels", null, HASH, null, null),
              new ClientOp.Need(4, List.of(new ObjectKey(ObjectType.SEALED, HASH)))));
      Hash second = Devices.put(laptop, "g", "open as well");
      devices.sync(laptop);
      devices.sync(phone);
      assertThat(phone.store().head()).contains(second).isNotEqualTo(first);
    }
  }
}
