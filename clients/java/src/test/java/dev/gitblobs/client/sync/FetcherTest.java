package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Metadata;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.client.store.StoreWriter;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store gets of a commit when no page of events has brought it. */
class FetcherTest {
  private final Devices devices;
  private final InMemoryRelay relay;

  FetcherTest(@TempDir Path folder) {
    devices = new Devices(folder);
    relay = devices.relay;
  }

  private List<ObjectId> complete(FileStore store, Hash target, List<Hash> known) {
    try (RelaySession session = RelaySession.open(relay, "notes", null, "b", () -> {})) {
      Fetcher fetcher = new Fetcher(session, store, new Arrivals(store, SyncProgress.SILENT));
      return List.copyOf(fetcher.complete(target, known));
    }
  }

  @Test
  void getsACommitWithAllItsHistoryAndFiles() {
    Repository a = devices.device("a");
    Hash first = Devices.put(a, "f", "1");
    Hash second = Devices.put(a, "g", "2");
    Hash third = Devices.put(a, "h", "3");
    devices.sync(a);
    FileStore store = devices.device("b").store();
    assertThat(complete(store, third, List.of())).isEmpty();
    for (Hash commit : List.of(first, second, third)) {
      assertThat(store.contains(new ObjectId(ObjectType.COMMIT, commit))).isTrue();
      Hash tree = store.commit(commit).tree();
      assertThat(store.tree(tree).entries().values())
          .allSatisfy(
              entry ->
                  assertThat(store.contains(new ObjectId(ObjectType.BLOB, entry.blob()))).isTrue());
    }
    assertThat(relay.delivered()).isEqualTo(9);
    assertThat(complete(store, third, List.of(first))).isEmpty();
    assertThat(relay.delivered()).as("what is here is not asked for again").isEqualTo(9);
  }

  @Test
  void saysWhichCommitOfTheHistoryNobodyHas() {
    Repository a = devices.device("a");
    Hash first = Devices.put(a, "f", "1");
    Hash second = Devices.put(a, "g", "2");
    devices.sync(a);
    FileStore store = devices.device("b").store();
    relay.forget(key -> key.hash().equals(first.hex()));
    ObjectId gone = new ObjectId(ObjectType.COMMIT, first);
    assertThat(complete(store, second, List.of())).containsExactly(gone);
  }

  /** All that is sent from now on, in order. */
  private List<ClientOp> listen() {
    List<ClientOp> said = new ArrayList<>();
    relay.refuse(
        op -> {
          said.add(op);
          return false;
        });
    return said;
  }

  private static <T> List<T> said(List<ClientOp> said, Class<T> kind) {
    return said.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void asksForNoMoreAtOnceThanOneOperationMayName() {
    Repository a = devices.device("a");
    Hash head = Devices.put(a, Devices.files(Limits.OBJECTS_PER_OP + 1));
    devices.sync(a);
    List<ClientOp> said = listen();
    assertThat(complete(devices.device("b").store(), head, List.of())).isEmpty();
    assertThat(said(said, ClientOp.Get.class).stream().map(get -> get.objects().size()))
        .as("the commit, its tree, its files")
        .containsExactly(1, 1, Limits.OBJECTS_PER_OP, 1);
  }

  @Test
  void getsTheMetadataOfFiles() {
    Repository a = devices.device("a");
    Metadata note = Metadata.of(new Json.Obj(Map.of("kind", new Json.Str("note"))));
    try (StoreWriter writer = a.store().writer()) {
      writer.put(note);
      writer.commit();
    }
    Hash head = Devices.put(a, List.of(new Edit.Put("f", () -> new byte[] {1}, note.id().hash())));
    devices.sync(a);
    FileStore store = devices.device("b").store();
    assertThat(complete(store, head, List.of())).isEmpty();
    assertThat(store.contains(note.id())).isTrue();
  }

  @Test
  void asksForNoFileOfACommitThatIsHere() {
    Repository a = devices.device("a");
    Hash first = Devices.put(a, Devices.files(5));
    devices.sync(a);
    FileStore store = devices.device("b").store();
    complete(store, first, List.of());
    Hash second = Devices.put(a, "g", "2");
    devices.sync(a);
    List<ClientOp> said = listen();
    List<Integer> steps = new ArrayList<>();
    try (RelaySession session = RelaySession.open(relay, "notes", null, "b", () -> steps.add(1))) {
      Fetcher fetcher = new Fetcher(session, store, new Arrivals(store, SyncProgress.SILENT));
      assertThat(fetcher.complete(second, List.of(first))).isEmpty();
      assertThat(fetcher.complete(second, List.of(second))).isEmpty();
    }
    assertThat(said(said, ClientOp.Get.class)).hasSize(3);
    assertThat(steps).as("the commit, its tree, its file").hasSize(3);
  }

  @Test
  void tellsWhereTheNextPageBegins() {
    Repository a = devices.device("a");
    Devices.put(a, Devices.files(5));
    devices.sync(a);
    relay.pageOf(3);
    FileStore store = devices.device("b").store();
    List<String> pages = new ArrayList<>();
    List<Integer> steps = new ArrayList<>();
    List<ClientOp> said = listen();
    try (RelaySession session = RelaySession.open(relay, "notes", null, "b", () -> steps.add(1))) {
      new Fetcher(session, store, new Arrivals(store, SyncProgress.SILENT))
          .fetchAfter(0, null, pages::add);
    }
    assertThat(pages).hasSize(2);
    assertThat(said(said, ClientOp.Fetch.class).stream().map(ClientOp.Fetch::next))
        .containsExactly(null, pages.get(0), pages.get(1));
    assertThat(steps).hasSize(3);
    assertThat(relay.delivered()).isEqualTo(7);
  }

  @Test
  void getsFromAnotherDeviceWhatTheRelayLost() {
    Repository a = devices.device("a");
    Hash head = Devices.put(a, Devices.files(3));
    devices.sync(a);
    relay.forget(key -> key.type() != dev.gitblobs.protocol.ObjectType.COMMIT);
    FileStore store = devices.device("b").store();
    try (RelaySession other = RelaySession.open(relay, "notes", null, "a", () -> {})) {
      Donor donor = new Donor(other, a.store());
      relay.refuse(
          op -> {
            if (op instanceof ClientOp.Get) {
              other.listen(Duration.ZERO);
              donor.give();
            }
            return false;
          });
      assertThat(complete(store, head, List.of())).isEmpty();
    }
    assertThat(relay.objectCount()).isEqualTo(5);
  }

  @Test
  void waitsForNobodyWhereNobodyIs() {
    Repository a = devices.device("a");
    Hash head = Devices.put(a, Devices.files(3));
    devices.sync(a);
    relay.forget(key -> key.type() == dev.gitblobs.protocol.ObjectType.BLOB);
    List<ClientOp> said = listen();
    assertThat(complete(devices.device("b").store(), head, List.of())).hasSize(3);
    assertThat(said(said, ClientOp.Need.class)).hasSize(1);
    assertThat(said(said, ClientOp.Get.class)).as("once, and not again after the need").hasSize(3);
  }
}
