package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.Edit;
import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.sync.Pusher.Outcome;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.ErrorCode;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.SizedKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a push says to the relay, operation by operation. */
class PusherTest {
  private final Devices devices;
  private final InMemoryRelay relay;

  /** All that was sent, in order. */
  private final List<ClientOp> said = new ArrayList<>();

  /** How often something was stored for good. */
  private final AtomicInteger steps = new AtomicInteger();

  PusherTest(@TempDir Path folder) {
    devices = new Devices(folder);
    relay = devices.relay;
    relay.refuse(
        op -> {
          said.add(op);
          return false;
        });
  }

  private Outcome push(Repository repository, Hash head, int objectsPerPush) {
    return push(repository, head, objectsPerPush, SyncProgress.SILENT);
  }

  private Outcome push(Repository device, Hash head, int objectsPerPush, SyncProgress progress) {
    try (RelaySession session =
        RelaySession.open(relay, "notes", null, "a", steps::incrementAndGet)) {
      Outcome outcome = new Pusher(session, device.store(), progress, objectsPerPush).push(head);
      if (outcome instanceof Outcome.Accepted) {
        assertThat(session.head()).isEqualTo(head);
        assertThat(session.seq()).isEqualTo(pushes().stream().distinct().count());
      }
      return outcome;
    }
  }

  private <T> List<T> said(Class<T> kind) {
    return said.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private List<ClientOp.Push> pushes() {
    return said(ClientOp.Push.class);
  }

  @Test
  void declaresUnderOnePushAndSendsTheLastPiecesTogetherWithIt() {
    Repository a = devices.device("a");
    Hash head = Devices.put(a, Devices.files(3));
    List<String> told = new ArrayList<>();
    assertThat(push(a, head, 100, (phase, done, all) -> told.add(phase + " " + done + "/" + all)))
        .isEqualTo(new Outcome.Accepted(5));
    assertThat(told)
        .containsExactly(
            "SENDING 0/5",
            "SENDING 1/5",
            "SENDING 2/5",
            "SENDING 3/5",
            "SENDING 4/5",
            "SENDING 5/5");
    assertThat(said.stream().map(op -> op.getClass().getSimpleName()))
        .containsExactly("Hello", "Have", "Put", "Put", "Put", "Put", "Put", "Push");
    ClientOp.Push push = pushes().get(0);
    assertThat(push.mid()).hasSizeGreaterThanOrEqualTo(22);
    assertThat(said(ClientOp.Have.class))
        .allSatisfy(op -> assertThat(op.mid()).isEqualTo(push.mid()));
    assertThat(push.oldHash()).isNull();
    assertThat(push.newHash()).isEqualTo(head.hex());
    assertThat(steps).hasValue(1);
  }

  @Test
  void sendsNothingThatTheRelayHas() {
    Repository a = devices.device("a");
    Hash first = Devices.put(a, "f", "the same text");
    assertThat(push(a, first, 100)).isEqualTo(new Outcome.Accepted(3));
    Hash second = Devices.put(a, "g", "the same text");
    said.clear();
    steps.set(0);
    try (RelaySession session =
        RelaySession.open(relay, "notes", null, "a", steps::incrementAndGet)) {
      assertThat(new Pusher(session, a.store(), SyncProgress.SILENT).push(second))
          .isEqualTo(new Outcome.Accepted(2));
    }
    assertThat(pushes().get(0).oldHash()).isEqualTo(first.hex());
    assertThat(said(ClientOp.Put.class)).hasSize(2);
    said.clear();
    steps.set(0);
    relay.refuse(
        op -> {
          said.add(op);
          return false;
        });
    try (RelaySession session =
        RelaySession.open(relay, "notes", null, "a", steps::incrementAndGet)) {
      assertThat(new Pusher(session, a.store(), SyncProgress.SILENT).push(second))
          .as("nothing is missing, so that nothing is declared")
          .isEqualTo(new Outcome.Accepted(0));
    }
    assertThat(said.stream().map(op -> op.getClass().getSimpleName()))
        .containsExactly("Hello", "Push");
    assertThat(steps).as("nothing was stored").hasValue(0);
  }

  @Test
  void declaresNoMoreAtOnceThanOneOperationMayHold() {
    Repository a = devices.device("a");
    Hash head = Devices.put(a, Devices.files(Limits.OBJECTS_PER_OP + 1));
    assertThat(push(a, head, Limits.OBJECTS_PER_PUSH))
        .isEqualTo(new Outcome.Accepted(Limits.OBJECTS_PER_OP + 3));
    assertThat(said(ClientOp.Have.class).stream().map(op -> op.objects().size()))
        .containsExactly(Limits.OBJECTS_PER_OP, 3);
    assertThat(pushes()).hasSize(1);
    assertThat(steps).as("each slice is a step").hasValue(2);
  }

  @Test
  void holdsNoMoreBytesAtOnceThanASlice() {
    Repository a = devices.device("a");
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      byte[] content = new byte[3 << 20];
      content[0] = (byte) i;
      edits.add(Edit.put("large-" + i, content));
    }
    Hash head = Devices.put(a, edits);
    assertThat(push(a, head, 100)).isEqualTo(new Outcome.Accepted(5));
    for (ClientOp.Have have : said(ClientOp.Have.class)) {
      long bytes = have.objects().stream().mapToLong(SizedKey::size).sum();
      assertThat(bytes).isLessThanOrEqualTo(ObjectSender.SLICE_BYTES);
    }
    assertThat(said(ClientOp.Have.class)).hasSize(3);
  }

  @Test
  void goesAheadInPushesThatLeaveTheRefWhereItIs() {
    Repository a = devices.device("a");
    Hash head = Devices.put(a, Devices.files(10));
    assertThat(push(a, head, 5)).isEqualTo(new Outcome.Accepted(12));
    Map<String, Integer> declared =
        said(ClientOp.Have.class).stream()
            .collect(
                Collectors.groupingBy(
                    ClientOp.Have::mid, Collectors.summingInt(op -> op.objects().size())));
    assertThat(declared.values()).containsExactlyInAnyOrder(5, 5, 2);
    assertThat(pushes()).extracting(ClientOp.Push::mid).doesNotHaveDuplicates();
    assertThat(declared.keySet())
        .containsExactlyInAnyOrderElementsOf(pushes().stream().map(ClientOp.Push::mid).toList());
    assertThat(pushes()).extracting(ClientOp.Push::newHash).containsExactly(null, null, head.hex());
    assertThat(pushes()).extracting(ClientOp.Push::oldHash).containsOnlyNulls();
  }

  @Test
  void endsAtThePartThatSomebodyElseOvertook() {
    Repository a = devices.device("a");
    Repository b = devices.device("b");
    Hash theirs = Devices.put(b, "f", "theirs");
    Hash ours = Devices.put(a, Devices.files(10));
    relay.refuse(
        op -> {
          said.add(op);
          if (op instanceof ClientOp.Have && said(ClientOp.Have.class).size() == 1) {
            relay.refuse(
                other -> {
                  said.add(other);
                  return false;
                });
            devices.sync(b);
          }
          return false;
        });
    try (RelaySession session = RelaySession.open(relay, "notes", null, "a", () -> {})) {
      assertThat(new Pusher(session, a.store(), SyncProgress.SILENT, 5).push(ours))
          .isEqualTo(new Outcome.Overtaken());
      assertThat(session.head()).isEqualTo(theirs);
    }
    assertThat(relay.head()).isEqualTo(theirs.hex());
  }

  @Test
  void sendsAgainWhatTheRelayLostBeforeThePush() {
    Repository a = devices.device("a");
    Hash head = Devices.put(a, Devices.files(3));
    loseAtPush(1);
    assertThat(push(a, head, 100)).isEqualTo(new Outcome.Accepted(10));
    assertThat(pushes()).hasSize(2);
    assertThat(pushes().get(0)).isEqualTo(pushes().get(1));
    assertThat(relay.head()).isEqualTo(head.hex());
  }

  @Test
  void sendsAgainNoMoreBytesAtOnceThanASlice() {
    Repository a = devices.device("a");
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      byte[] content = new byte[900 << 10];
      content[0] = (byte) i;
      edits.add(Edit.put("large-" + i, content));
    }
    Hash head = Devices.put(a, edits);
    loseAtPush(1);
    assertThat(push(a, head, 100)).isEqualTo(new Outcome.Accepted(16));
    int bytes = 0;
    for (ClientOp op : said.subList(said.indexOf(pushes().get(0)) + 1, said.size())) {
      bytes += op instanceof ClientOp.Put put ? put.len() : 0;
    }
    assertThat(bytes).isGreaterThan(ObjectSender.SLICE_BYTES);
    assertThat(relay.head()).isEqualTo(head.hex());
  }

  @Test
  void givesUpOnARelayThatLosesEverythingTwentyTimes() {
    Repository a = devices.device("a");
    Hash head = Devices.put(a, "f", "1");
    loseAtPush(Integer.MAX_VALUE);
    assertThatThrownBy(() -> push(a, head, 100))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("lost objects 20 times");
    assertThat(pushes()).hasSize(21);
  }

  /** At so many pushes the relay loses all it has, just before it looks. */
  private void loseAtPush(int times) {
    AtomicInteger left = new AtomicInteger(times);
    relay.refuse(
        op -> {
          said.add(op);
          if (op instanceof ClientOp.Push && left.getAndDecrement() > 0) {
            relay.forget(key -> true);
          }
          return false;
        });
  }

  @Test
  void saysWhatTheRelayRefuses() {
    Repository a = devices.device("a");
    Hash head = Devices.put(a, "f", "1");
    relay.refuse(op -> op instanceof ClientOp.Have);
    assertThatThrownBy(() -> push(a, head, 100)).hasMessageContaining("quota is used up");
    relay.refuse(op -> op instanceof ClientOp.Push);
    assertThatThrownBy(() -> push(a, head, 100))
        .isInstanceOfSatisfying(
            RelayRefusedException.class,
            refused -> assertThat(refused).hasMessageContaining(ErrorCode.QUOTA.wire()));
  }
}
