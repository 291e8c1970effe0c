package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.object.Hash;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.EventItem;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ObjectType;
import dev.gitblobs.protocol.Retry;
import dev.gitblobs.protocol.ServerOp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a session makes of each thing a relay says, asked or not. */
class RelaySessionTest {
  private static final Hash OLD = new Hash("a".repeat(64));
  private static final Hash NEW = new Hash("b".repeat(64));
  private static final ObjectKey KEY = new ObjectKey(ObjectType.BLOB, "c".repeat(64));
  private static final Duration SOON = Duration.ofMillis(1);

  private final Script script = new Script();
  private int progress;

  /** A relay that says what it is told to, to whatever is asked. */
  private static final class Script implements Relay, RelayConnection {
    private final Deque<ServerOp> toSay = new ArrayDeque<>();
    private final List<ClientOp> heard = new ArrayList<>();
    private int tokens;
    private boolean isClosed;

    void say(ServerOp... ops) {
      toSay.addAll(List.of(ops));
    }

    @Override
    public RelayConnection connect(String store, @Nullable Long id) {
      return this;
    }

    @Override
    public MadeStore make(String store) {
      throw new AssertionError("nobody asked for it");
    }

    @Override
    public String freshToken() {
      return "token-" + ++tokens;
    }

    @Override
    public void send(List<? extends ClientOp> ops) {
      heard.addAll(ops);
    }

    @Override
    public Optional<ServerOp> receive(Duration patience) {
      return Optional.ofNullable(toSay.poll());
    }

    @Override
    public void ping() {}

    @Override
    public void close() {
      isClosed = true;
    }
  }

  private static ServerOp welcome(List<ServerOp.Head> refs) {
    ServerOp.Allowance limits =
        new ServerOp.Allowance(
            1 << 20, 32 << 20, 65_536, 60, 60, 1 << 30, 1 << 20, 0, 0, 1, 1, 1, 1);
    return new ServerOp.Welcome(
        1, 5, "e1", null, 7, 1, refs, limits, "u", "ada", 0, null, false, ServerOp.Hole.NEW);
  }

  private RelaySession open() {
    script.say(
        welcome(
            List.of(
                new ServerOp.Head("other", NEW.hex(), null),
                new ServerOp.Head(RelaySession.REF, OLD.hex(), null))));
    return RelaySession.open(script, "notes", null, "laptop", () -> progress++);
  }

  private void hear(RelaySession session, ServerOp... ops) {
    script.say(ops);
    for (int i = 0; i < ops.length; i++) {
      session.listen(SOON);
    }
  }

  private static ServerOp.Event push(long seq, String ref, @Nullable Hash head) {
    String hex = head == null ? null : head.hex();
    return new ServerOp.Event(
        new EventItem.Pushed(seq, 1, "u", "phone", "m" + seq, ref, null, hex, 1, 1, null));
  }

  private static ServerOp.Failure failure(@Nullable Long id, Retry retry) {
    return new ServerOp.Failure(id, "bad_token", "no", retry, null, null, null, null);
  }

  @Test
  void saysHelloAndKnowsWhereTheSharedRefStands() {
    RelaySession session = open();
    assertThat(script.heard)
        .containsExactly(new ClientOp.Hello(Limits.PROTOCOL_VERSION, "laptop", null, null, null));
    assertThat(session.head()).isEqualTo(OLD);
    assertThat(session.seq()).isEqualTo(7);
    assertThat(session.epoch()).isEqualTo("e1");
  }

  @Test
  void closesTheConnectionWhenItIsNotWelcome() {
    script.say(failure(null, Retry.NO));
    assertThatThrownBy(() -> RelaySession.open(script, "notes", null, "laptop", () -> {}))
        .isInstanceOf(RelayRefusedException.class);
    assertThat(script.isClosed).isTrue();
  }

  @Test
  void comesBackToARelayThatDoesNotAnswer() {
    assertThatThrownBy(() -> RelaySession.open(script, "notes", null, "laptop", () -> {}))
        .isInstanceOfSatisfying(
            ConnectionLostException.class,
            e -> assertThat(e.then()).isEqualTo(AfterClose.RECONNECT));
    assertThat(script.isClosed).isTrue();
  }

  @Test
  void handsEachAnswerToWhoWaitsForItInAnyOrder() {
    RelaySession session = open();
    long one = session.newId();
    long two = session.newId();
    ServerOp second = new ServerOp.Ok(two, null, null, null, null);
    ServerOp first = new ServerOp.Ok(one, null, null, null, null);
    script.say(second, first);
    assertThat(session.answer(one)).isEqualTo(first);
    assertThat(session.answer(two)).isEqualTo(second);
    assertThatThrownBy(() -> session.answer(two)).isInstanceOf(ConnectionLostException.class);
  }

  @Test
  void hearsNoAnswerToWhatWasAskedBeforeItStartedOver() {
    RelaySession session = open();
    long before = session.newId();
    hear(session, new ServerOp.Ok(before, null, null, null, null));
    session.startOver();
    long after = session.newId();
    hear(session, new ServerOp.Ok(before, null, null, null, null));
    assertThatThrownBy(() -> session.answer(before)).isInstanceOf(ConnectionLostException.class);
    ServerOp ok = new ServerOp.Ok(after, null, null, null, null);
    script.say(ok);
    assertThat(session.answer(after)).isEqualTo(ok);
  }

  @Test
  void forgetsTheAnswersThatNobodyWants() {
    RelaySession session = open();
    long id = session.newId();
    hear(session, new ServerOp.Ok(id, null, null, null, null));
    session.forget(id);
    assertThatThrownBy(() -> session.answer(id)).isInstanceOf(ConnectionLostException.class);
  }

  @Test
  void followsTheSharedRefAndNoOther() {
    RelaySession session = open();
    hear(session, push(8, "other", NEW));
    assertThat(session.head()).isEqualTo(OLD);
    assertThat(session.seq()).isEqualTo(8);
    hear(session, push(9, RelaySession.REF, NEW));
    assertThat(session.head()).isEqualTo(NEW);
    hear(session, push(10, RelaySession.REF, null));
    assertThat(session.head()).isNull();
  }

  @Test
  void doesNotGoBackToAnEventThatItKnows() {
    RelaySession session = open();
    hear(session, push(7, RelaySession.REF, NEW));
    assertThat(session.head()).isEqualTo(OLD);
    session.pushed(9, NEW);
    hear(session, push(9, RelaySession.REF, OLD), push(8, RelaySession.REF, OLD));
    assertThat(session.head()).isEqualTo(NEW);
    assertThat(session.seq()).isEqualTo(9);
    session.pushed(9, OLD);
    assertThat(session.head()).isEqualTo(NEW);
  }

  @Test
  void believesAConflictOnlyWhileItKnowsNothingNewer() {
    RelaySession session = open();
    session.conflicted(NEW, null);
    assertThat(session.head()).as("an event has moved it since").isEqualTo(OLD);
    session.conflicted(OLD, NEW);
    assertThat(session.head()).isEqualTo(NEW);
  }

  @Test
  void renewsItsTokenWhenToldThatItEndsSoon() {
    RelaySession session = open();
    hear(session, new ServerOp.AuthSoon(1));
    assertThat(script.heard).endsWith(new ClientOp.Auth("token-1"));
  }

  @Test
  void renewsARefusedTokenOnceAndThenConnectsAnew() {
    RelaySession session = open();
    hear(session, failure(null, Retry.REAUTH));
    assertThat(script.heard).endsWith(new ClientOp.Auth("token-1"));
    hear(session, new ServerOp.Authed(1));
    hear(session, failure(null, Retry.REAUTH));
    assertThat(script.heard).endsWith(new ClientOp.Auth("token-2"));
    assertThatThrownBy(() -> hear(session, failure(null, Retry.REAUTH)))
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.then()).isEqualTo(AfterClose.REFRESH));
  }

  @Test
  void endsOnAFailureOfAllThatWasSent() {
    RelaySession session = open();
    assertThatThrownBy(() -> hear(session, failure(null, Retry.NO)))
        .isInstanceOf(RelayRefusedException.class)
        .hasMessageContaining("bad_token");
  }

  @Test
  void remembersWhatOthersNeedUntilItIsTaken() {
    RelaySession session = open();
    hear(session, new ServerOp.Need("u", "phone", List.of(KEY)));
    assertThat(session.takeNeeds()).containsExactly(KEY);
    assertThat(session.takeNeeds()).isEmpty();
  }

  @Test
  void remembersNoMoreNeedsThanADeviceCanHaveInEarnest() {
    RelaySession session = open();
    List<ObjectKey> many = Collections.nCopies(Limits.OBJECTS_PER_OP, KEY);
    for (int i = 0; i <= Limits.OBJECTS_PER_PUSH / Limits.OBJECTS_PER_OP; i++) {
      hear(session, new ServerOp.Need("u", "phone", many));
    }
    assertThat(session.takeNeeds()).hasSize(Limits.OBJECTS_PER_PUSH);
  }

  @Test
  void tellsThatItGotFurther() {
    RelaySession session = open();
    session.progressed();
    assertThat(progress).isEqualTo(1);
    session.close();
    assertThat(script.isClosed).isTrue();
  }

  @Test
  void refusalsForNowTellHowLongToWait() {
    TryLaterException soon = (TryLaterException) RelayRefusedException.of("x", later(1_234L));
    assertThat(soon.after()).contains(Duration.ofMillis(1_234));
    assertThat(soon.wantsToken()).isFalse();
    TryLaterException never = (TryLaterException) RelayRefusedException.of("x", later(9_999_999L));
    assertThat(never.after()).as("no relay asks for more").contains(Duration.ofMinutes(2));
    TryLaterException open = (TryLaterException) RelayRefusedException.of("x", later(null));
    assertThat(open.after()).isEmpty();
    TryLaterException token =
        (TryLaterException) RelayRefusedException.of("x", failure(1L, Retry.REAUTH));
    assertThat(token.wantsToken()).isTrue();
    assertThat(RelayRefusedException.of("x", failure(1L, Retry.NO)))
        .isInstanceOfSatisfying(
            RelayRefusedException.class,
            e -> assertThat(e.failure().code()).isEqualTo("bad_token"));
  }

  private static ServerOp.Failure later(@Nullable Long millis) {
    return new ServerOp.Failure(1L, "busy", "later", Retry.AFTER, millis, null, null, null);
  }
}
