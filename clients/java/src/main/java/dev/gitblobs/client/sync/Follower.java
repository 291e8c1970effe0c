package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.client.store.StoreLockedException;
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

  /** A connection that has lived until the first ping counts as one that works. */
  private static final Duration PING = Duration.ofSeconds(30);

  private static final System.Logger LOG = System.getLogger(Follower.class.getName());

  private final Syncer syncer;
  private final FileStore store;
  private final Consumer<SyncOutcome> listener;
  private final Consumer<GitBlobsException> troubles;

  /**
   * Tells {@code listener} of each exchange, and {@code troubles} of what it gets over by trying
   * again: a lost connection, a store that another process keeps writing to, a relay that asks for
   * a pause again and again. What these throw is logged, and changes nothing else.
   */
  public Follower(
      Syncer syncer,
      FileStore store,
      Consumer<SyncOutcome> listener,
      Consumer<GitBlobsException> troubles) {
    this.syncer = syncer;
    this.store = store;
    this.listener = listener;
    this.troubles = troubles;
  }

  /** Follows until told to end. Throws when the relay says that coming back is of no use. */
  public void run(BooleanSupplier isEnded) {
    Reconnection reconnection = syncer.reconnection();
    try (DeviceTurn turn = DeviceTurn.take(store.ownFolder(), syncer.state().device())) {
      while (!isEnded.getAsBoolean()) {
        try (RelaySession session = syncer.connect(turn)) {
          follow(session, isEnded, reconnection);
        } catch (ConnectionLostException e) {
          reconnection.lost(e);
          tell(troubles, e);
        }
      }
    }
  }

  /** What a listener throws is its own fault: it is logged, and changes nothing here. */
  private static <T> void tell(Consumer<T> listener, T news) {
    try {
      listener.accept(news);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a listener of the sync failed", e);
    }
  }

  private void follow(RelaySession session, BooleanSupplier isEnded, Reconnection reconnection) {
    Donor donor = new Donor(session, store);
    Seen seen = null;
    long pingAt = System.nanoTime() + PING.toNanos();
    while (!isEnded.getAsBoolean()) {
      try {
        if (seen == null || !seen.equals(new Seen(store.head(), session.head()))) {
          seen = exchange(session);
        }
        session.listen(LOOK);
        donor.give();
      } catch (StoreLockedException | TryLaterException e) {
        tell(troubles, e);
        seen = null;
      }
      if (System.nanoTime() - pingAt > 0) {
        session.connection().ping();
        pingAt = System.nanoTime() + PING.toNanos();
        reconnection.worked();
      }
    }
  }

  /** Two heads that need no exchange as long as both stand there. */
  private record Seen(Optional<Hash> ours, @Nullable Hash theirs) {}

  /**
   * Exchanges, and says where that left both heads. Ours is the one the exchange was about: a
   * commit made while it went on is for the next one.
   */
  private Seen exchange(RelaySession session) {
    Optional<Hash> before = store.head();
    SyncOutcome outcome = syncer.exchange(session, Syncer.Direction.BOTH);
    tell(listener, outcome);
    return new Seen(
        outcome instanceof SyncOutcome.Done done ? Optional.ofNullable(done.head()) : before,
        session.head());
  }
}
