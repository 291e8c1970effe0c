package dev.gitblobs.client.sync;

import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Live mode: stays connected, takes what other devices push as it comes, and pushes local commits
 * as they are made. A conflict is reported once and left to the user; the next commit or merge goes
 * on.
 */
public final class Follower {
  /** How soon a local commit is noticed: one small file is read this often. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private static final Duration PING = Duration.ofSeconds(30);

  private final Syncer syncer;
  private final ObjectStore store;
  private final Consumer<SyncOutcome> listener;
  private final Consumer<ConnectionLostException> cuts;

  /** Tells {@code listener} of each exchange, and {@code cuts} of each lost connection. */
  public Follower(
      Syncer syncer,
      ObjectStore store,
      Consumer<SyncOutcome> listener,
      Consumer<ConnectionLostException> cuts) {
    this.syncer = syncer;
    this.store = store;
    this.listener = listener;
    this.cuts = cuts;
  }

  /** Follows until told to end. Throws when the relay says that coming back is of no use. */
  public void run(BooleanSupplier isEnded) {
    int failures = 0;
    while (!isEnded.getAsBoolean()) {
      try (RelaySession session = syncer.connect()) {
        failures = 0;
        follow(session, isEnded);
      } catch (ConnectionLostException e) {
        if (e.then() == AfterClose.STOP) {
          throw e;
        }
        cuts.accept(e);
        syncer.pause(failures++);
      }
    }
  }

  private void follow(RelaySession session, BooleanSupplier isEnded) {
    Optional<Hash> seenOurs = Optional.empty();
    @Nullable Hash seenTheirs = null;
    boolean isFirst = true;
    long pingAt = System.nanoTime() + PING.toNanos();
    while (!isEnded.getAsBoolean()) {
      boolean isMoved =
          !seenOurs.equals(store.head()) || !java.util.Objects.equals(seenTheirs, session.head());
      if (isFirst || isMoved) {
        listener.accept(syncer.exchange(session, Syncer.Direction.BOTH));
        isFirst = false;
        seenOurs = store.head();
        seenTheirs = session.head();
      }
      session.listen(LOOK);
      if (System.nanoTime() - pingAt > 0) {
        session.connection().ping();
        pingAt = System.nanoTime() + PING.toNanos();
      }
    }
  }
}
