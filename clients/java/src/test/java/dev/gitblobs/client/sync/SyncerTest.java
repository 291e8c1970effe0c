package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.Author;
import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Edit;
import dev.gitblobs.client.GoldenData;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.UndoOutcome;
import dev.gitblobs.client.history.Ancestry;
import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.Graft;
import dev.gitblobs.client.history.MergeOutcome;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.StoreCheck;
import dev.gitblobs.protocol.ClientOp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncerTest {
  private final Path folder;
  private final InMemoryRelay relay = new InMemoryRelay();
  private final AtomicLong seconds = new AtomicLong(1_700_000_000);

  SyncerTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Repository device(String name) {
    Author author = new Author(name, "", () -> Instant.ofEpochSecond(seconds.incrementAndGet()));
    return Repository.create(folder.resolve(name), author);
  }

  private Syncer syncer(Repository repository) {
    return syncer(repository, ConflictResolver.NONE, UnrelatedPolicy.REFUSE);
  }

  private Syncer syncer(
      Repository repository, ConflictResolver resolver, UnrelatedPolicy unrelated) {
    String name = String.valueOf(repository.store().base().getFileName());
    SyncState state =
        SyncState.load(repository.store().ownFolder())
            .orElse(SyncState.fresh("http://localhost", "notes", name));
    return new Syncer(
        repository,
        relay,
        state,
        SyncProgress.SILENT,
        resolver,
        unrelated,
        Syncer.Making.NEVER,
        duration -> {});
  }

  private SyncOutcome sync(Repository repository) {
    return syncer(repository).sync(Syncer.Direction.BOTH);
  }

  private SyncOutcome.Done done(Repository repository) {
    return (SyncOutcome.Done) sync(repository);
  }

  private static Hash put(Repository repository, String path, String text) {
    return put(repository, path, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Hash put(Repository repository, String path, byte[] bytes) {
    CommitOutcome outcome = repository.commit("put " + path, List.of(Edit.put(path, bytes)));
    return ((CommitOutcome.Committed) outcome).commit().hash();
  }

  private static String read(Repository repository, String path) {
    return new String(repository.read(path).orElseThrow(), StandardCharsets.UTF_8);
  }

  private static void isWhole(Repository repository) {
    assertThat(StoreCheck.run(repository.store(), count -> {}).findings()).isEmpty();
  }

  @Test
  void carriesACommitFromOneDeviceToAnother() {
    Repository a = device("a");
    Repository b = device("b");
    Hash head = put(a, "f", "1");
    assertThat(done(a).isPushed()).isTrue();
    assertThat(done(b).head()).isEqualTo(head);
    assertThat(read(b, "f")).isEqualTo("1");
    isWhole(b);
    assertThat(done(a).isPushed()).isFalse();
  }

  @Test
  void mergesWhatTwoDevicesDidOfflineAndConverges() {
    Repository a = device("a");
    Repository b = device("b");
    Repository c = device("c");
    put(a, "base", "0");
    done(a);
    done(b);
    done(c);
    put(a, "from-a", "1");
    put(b, "from-b", "2");
    put(c, "from-c", "3");
    for (Repository device : List.of(a, b, c, b, a)) {
      done(device);
    }
    assertThat(a.store().head()).isEqualTo(b.store().head()).isEqualTo(c.store().head());
    assertThat(a.files().entries()).containsOnlyKeys("base", "from-a", "from-b", "from-c");
    List.of(a, b, c).forEach(SyncerTest::isWhole);
  }

  @Test
  void leavesAConflictToTheUserWhileEverythingElseTravels() {
    Repository a = device("a");
    Repository b = device("b");
    put(a, "f", "0");
    done(a);
    done(b);
    put(a, "f", "a's");
    put(b, "f", "b's");
    put(b, "other", "b's");
    done(a);
    SyncOutcome.Done open = done(b);
    assertThat(open.open()).singleElement().extracting(Conflict::path).isEqualTo("f");
    assertThat(open.isPushed()).isTrue();
    done(a);
    assertThat(read(a, "other")).isEqualTo("b's");
    assertThat(read(a, "f")).isEqualTo("a's");
    put(a, "more", "a's");
    done(a);
    assertThat(done(b).open()).hasSize(1);
    assertThat(read(b, "more")).isEqualTo("a's");

    b.decide(ConflictResolver.OURS);
    assertThat(done(b).open()).isEmpty();
    done(a);
    assertThat(read(a, "f")).isEqualTo("b's");
    assertThat(a.store().head()).isEqualTo(b.store().head());
  }

  @Test
  void mergesLinesThatTwoDevicesChanged() {
    Repository a = device("a");
    Repository b = device("b");
    put(a, "f", "1\n2\n3\n");
    done(a);
    done(b);
    put(a, "f", "a\n2\n3\n");
    put(b, "f", "1\n2\nb\n");
    done(a);
    assertThat(done(b).open()).isEmpty();
    done(a);
    assertThat(read(a, "f")).isEqualTo("a\n2\nb\n");
    assertThat(a.store().head()).isEqualTo(b.store().head());
  }

  @Test
  void undoesWhatIsPushedByACommitThatTravels() {
    Repository a = device("a");
    Repository b = device("b");
    put(a, "f", "1");
    done(a);
    put(a, "f", "2");
    done(a);
    done(b);
    Hash pushed = Devices.state(a).head();
    assertThat(a.undo(List.of(pushed))).isInstanceOf(UndoOutcome.Committed.class);
    done(a);
    done(b);
    assertThat(read(b, "f")).isEqualTo("1");
  }

  @Test
  void sendsOnlyWhatTheRelayLacks() {
    Repository a = device("a");
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      edits.add(Edit.put("file-" + i, ("content " + i).getBytes(StandardCharsets.UTF_8)));
    }
    a.commit("many", edits);
    done(a);
    int before = relay.puts();
    int trips = relay.roundTrips();
    put(a, "file-7", "changed");
    SyncOutcome.Done done = done(a);
    assertThat(relay.puts() - before).isEqualTo(3);
    assertThat(done.objectsSent()).isEqualTo(3);
    assertThat(relay.roundTrips() - trips).isLessThanOrEqualTo(3);
  }

  @Test
  void carriesLargeBlobsInChunks() {
    byte[] large = new byte[5_000_000];
    new Random(1).nextBytes(large);
    Repository a = device("a");
    put(a, "large", large);
    put(a, "small", "1");
    done(a);
    Repository b = device("b");
    done(b);
    assertThat(b.read("large")).hasValue(large);
    isWhole(b);
  }

  @Test
  @Tag("long")
  void goesOnAfterACutAtAnyOperationWithoutLosingACommit() {
    for (int cut = 1; cut < 13; cut++) {
      Repository a = device("a" + cut);
      syncer(a, ConflictResolver.NONE, UnrelatedPolicy.ALLOW).sync(Syncer.Direction.BOTH);
      put(a, "cut-" + cut, "1");
      byte[] large = new byte[1_100_000];
      large[0] = (byte) cut;
      put(a, "large-" + cut, large);
      Hash mine = a.store().head().orElseThrow();
      relay.cutAfter(cut);
      syncer(a, ConflictResolver.NONE, UnrelatedPolicy.ALLOW).sync(Syncer.Direction.BOTH);
      relay.cutAfter(Long.MAX_VALUE);
      Repository b = device("b" + cut);
      done(b);
      assertThat(b.store().head()).isEqualTo(a.store().head());
      assertThat(Ancestry.isAncestor(b.store(), mine, b.store().head().orElseThrow())).isTrue();
      isWhole(b);
    }
  }

  @Test
  void pushesWithoutMergingAndPullsWithoutPushing() {
    Repository a = device("a");
    Repository b = device("b");
    put(a, "f", "1");
    assertThat(syncer(a).sync(Syncer.Direction.PULL)).isInstanceOf(SyncOutcome.Done.class);
    assertThat(relay.head()).isNull();
    syncer(a).sync(Syncer.Direction.PUSH);
    assertThat(relay.head()).isNotNull();
    put(b, "g", "2");
    assertThat(syncer(b).sync(Syncer.Direction.PUSH)).isInstanceOf(SyncOutcome.Behind.class);
  }

  @Test
  void treatsUnrelatedHistoriesByPolicy() {
    Repository a = device("a");
    Repository b = device("b");
    put(a, "f", "1");
    done(a);
    put(b, "dummy.txt", "this is a dummy file");
    SyncOutcome stuck = sync(b);
    assertThat(((SyncOutcome.NeedsMerge) stuck).merge()).isInstanceOf(MergeOutcome.Unrelated.class);
    syncer(b, ConflictResolver.NONE, UnrelatedPolicy.REPLACE_LOCAL).sync(Syncer.Direction.BOTH);
    assertThat(b.store().head()).isEqualTo(a.store().head());
  }

  @Test
  void saysWhatIsGoneWhenNobodyHasIt() {
    Repository a = device("a");
    put(a, "f", "precious");
    done(a);
    relay.forget(key -> key.type() == dev.gitblobs.protocol.ObjectType.BLOB);
    Repository b = device("b");
    SyncOutcome outcome = sync(b);
    assertThat(outcome).isInstanceOf(SyncOutcome.Gone.class);
    assertThat(((SyncOutcome.Gone) outcome).objects()).hasSize(1);
    assertThat(b.store().head()).isEmpty();
  }

  @Test
  void pushesAgainWhatTheRelayForgotMeanwhile() {
    Repository a = device("a");
    put(a, "f", "1");
    done(a);
    put(a, "g", "2");
    relay.forget(key -> true);
    done(a);
    // what the old commit brought is not declared again: another device asks for it
    assertThat(relay.head()).isEqualTo(a.store().head().orElseThrow().hex());
  }

  @Test
  void offersAGraftInPlaceOfPushingAShallowRoot() throws IOException {
    Path shallow = GoldenData.store("shallow", folder);
    Author author = new Author("", "", () -> Instant.EPOCH);
    Repository device = Repository.open(shallow, author);
    assertThat(((SyncOutcome.Unfit) sync(device)).reason()).contains("graft");
    Graft.run(device.store());
    assertThat(done(device).isPushed()).isTrue();
  }

  @Test
  void namesAFileThatIsTooLargeAndGoesOnWhenItIsDeleted() {
    Repository a = device("a");
    put(a, "f", "1");
    done(a);
    Hash pushed = a.store().head().orElseThrow();
    a.commit("film", List.of(Edit.put("film", new byte[(32 << 20) + 1])));
    put(a, "g", "2");
    SyncOutcome.Unfit unfit = (SyncOutcome.Unfit) sync(a);
    assertThat(unfit.path()).isEqualTo("film");
    assertThat(unfit.reason()).contains("32 MiB");

    a.commit("gone", List.of(new Edit.Remove("film")));
    assertThat(done(a).isPushed()).isTrue();

    List<String> messages = new ArrayList<>();
    a.log().forEachRemaining(commit -> messages.add(commit.message()));
    assertThat(messages).startsWith("gone").hasSize(4);
    assertThat(a.files().entries()).containsOnlyKeys("f", "g");
    assertThat(Ancestry.isAncestor(a.store(), pushed, a.store().head().orElseThrow())).isTrue();
    Repository b = device("b");
    done(b);
    assertThat(b.files()).isEqualTo(a.files());
  }

  @Test
  void leavesAFileOutOfWhatIsNotPushedAndNeverOutOfWhatIs() {
    Repository a = device("a");
    put(a, "old", "1");
    done(a);
    Hash pushed = a.store().head().orElseThrow();
    put(a, "film", "1");
    put(a, "g", "2");
    assertThat(a.leaveOut(Set.of("film"), List.of(pushed))).isPresent();
    assertThat(a.files().entries()).containsOnlyKeys("old", "g");
    assertThat(a.leaveOut(Set.of("old"), List.of(a.store().head().orElseThrow()))).isEmpty();
    assertThat(done(a).isPushed()).isTrue();
  }

  @Test
  void reconcilesWhenTheRelayWasPutBackInTime() {
    Repository a = device("a");
    put(a, "f", "1");
    done(a);
    put(a, "f", "2");
    done(a);
    relay.restoreTo(1);
    Hash head = a.store().head().orElseThrow();
    assertThat(done(a).isPushed()).isTrue();
    assertThat(relay.head()).isEqualTo(head.hex());
  }

  @Test
  void reportsARefusalWithTheRelaysReason() {
    Repository a = device("a");
    put(a, "f", "1");
    relay.refuse(op -> op instanceof ClientOp.Put);
    assertThatThrownBy(() -> sync(a))
        .isInstanceOf(RelayRefusedException.class)
        .hasMessageContaining("quota");
    relay.refuse(op -> false);
    assertThat(done(a).isPushed()).isTrue();
  }

  @Test
  @Tag("long")
  void convergesFromAnyInterleavingOfOfflineEditsAndCuts() {
    Random random = new Random(77);
    List<Repository> devices = List.of(device("x"), device("y"), device("z"));
    put(devices.get(0), "start", "0");
    devices.forEach(device -> done(device));
    for (int step = 0; step < 40; step++) {
      Repository device = devices.get(random.nextInt(3));
      if (random.nextBoolean()) {
        put(device, "file-" + random.nextInt(6), "step " + step);
      } else {
        if (random.nextInt(3) == 0) {
          relay.cutAfter(1 + random.nextInt(8));
        }
        syncer(device, ConflictResolver.THEIRS, UnrelatedPolicy.REFUSE).sync(Syncer.Direction.BOTH);
        relay.cutAfter(Long.MAX_VALUE);
      }
    }
    for (int round = 0; round < 2; round++) {
      for (Repository device : devices) {
        syncer(device, ConflictResolver.THEIRS, UnrelatedPolicy.REFUSE).sync(Syncer.Direction.BOTH);
      }
    }
    for (Repository device : devices) {
      assertThat(device.store().head()).isEqualTo(devices.get(0).store().head());
      isWhole(device);
    }
  }
}
