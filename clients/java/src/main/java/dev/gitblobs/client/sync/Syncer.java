package dev.gitblobs.client.sync;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.Ancestry;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.MergeOutcome;
import dev.gitblobs.client.history.Merger;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.client.store.StoreWriter;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges a store with a relay: catches up, fast-forwards or merges, pushes with compare-and-set,
 * and begins again when another device was faster or the connection is cut. Objects are written
 * before heads move, on both sides, so that it may be stopped at any moment.
 */
public final class Syncer {
  /** Which way commits travel. */
  public enum Direction {
    /** Take the relay's. */
    PULL,
    /** Bring ours; never merges. */
    PUSH,
    /** Both. */
    BOTH
  }

  /** Tries before a cut connection is reported; with the pauses below about a minute. */
  private static final int MAX_TRIES = 8;

  /** Devices that push at the same moment; each round one of them succeeds. */
  private static final int MAX_ROUNDS = 50;

  private final Repository repository;
  private final Relay relay;
  private final SyncProgress progress;
  private final ConflictResolver resolver;
  private final UnrelatedPolicy unrelated;
  private final Pauses pauses;
  private SyncState state;

  /** Syncs as the repository's author. {@code state} is what {@link SyncState#load} gave. */
  public Syncer(
      Repository repository,
      Relay relay,
      SyncState state,
      SyncProgress progress,
      ConflictResolver resolver,
      UnrelatedPolicy unrelated) {
    this(repository, relay, state, progress, resolver, unrelated, Pauses.FULL_JITTER);
  }

  Syncer(
      Repository repository,
      Relay relay,
      SyncState state,
      SyncProgress progress,
      ConflictResolver resolver,
      UnrelatedPolicy unrelated,
      Pauses pauses) {
    this.pauses = pauses;
    this.repository = repository;
    this.relay = relay;
    this.state = state;
    this.progress = progress;
    this.resolver = resolver;
    this.unrelated = unrelated;
  }

  /** What is known of the relay by now. */
  public SyncState state() {
    return state;
  }

  /** One exchange, tried again after cuts. */
  public SyncOutcome sync(Direction direction) {
    for (int failures = 0; ; failures++) {
      try (RelaySession session = connect()) {
        return exchange(session, direction);
      } catch (ConnectionLostException e) {
        if (e.then() == AfterClose.STOP || failures + 1 >= MAX_TRIES) {
          throw e;
        }
        progress.report(SyncProgress.Phase.RECONNECTING, failures + 1, MAX_TRIES);
        pause(failures);
      }
    }
  }

  /** A session to stay in; see {@link Follower}. */
  RelaySession connect() {
    return RelaySession.open(relay.connect(state.store()), store(), state.device());
  }

  /** Waits as is proper after so many lost connections in a row. */
  void pause(int failures) {
    pauses.pause(failures);
  }

  private FileStore store() {
    return repository.store();
  }

  /** One exchange over this session. */
  SyncOutcome exchange(RelaySession session, Direction direction) {
    long received = 0;
    MergeOutcome merge = null;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Hash theirs = session.head();
      if (theirs != null && !contains(theirs)) {
        if (direction == Direction.PUSH) {
          return new SyncOutcome.Behind(theirs);
        }
        Pulled pulled = pull(session, theirs);
        received += pulled.objects();
        if (pulled.problem() != null) {
          return pulled.problem();
        }
        merge = pulled.merge();
        continue; // something may have moved meanwhile
      }
      remember(session);
      Optional<Hash> ours = store().head();
      boolean isCurrent = ours.isEmpty() || ours.get().equals(theirs);
      if (direction == Direction.PULL || isCurrent) {
        return new SyncOutcome.Done(ours.orElse(null), merge, received, 0, false);
      }
      Pusher.Outcome pushed = new Pusher(session, store(), progress).push(ours.get());
      if (pushed instanceof Pusher.Outcome.Accepted accepted) {
        remember(session);
        return new SyncOutcome.Done(ours.get(), merge, received, accepted.objectsSent(), true);
      }
      if (pushed instanceof Pusher.Outcome.Unfit unfit) {
        return new SyncOutcome.Unfit(unfit.object(), unfit.reason());
      }
    }
    throw new ConnectionLostException(
        "Other devices push all the time; this one found no turn. Try again.",
        AfterClose.STOP,
        null);
  }

  /** Whether our head has the commit in its history. */
  private boolean contains(Hash commit) {
    Optional<Hash> head = store().head();
    return head.isPresent()
        && (head.get().equals(commit)
            || (store().contains(new ObjectId(ObjectType.COMMIT, commit))
                && Ancestry.isAncestor(store(), commit, head.get())));
  }

  private record Pulled(
      long objects, @Nullable MergeOutcome merge, @Nullable SyncOutcome problem) {}

  private Pulled pull(RelaySession session, Hash theirs) {
    try (StoreWriter writer = store().writer()) {
      Arrivals arrivals = new Arrivals(store(), writer, progress);
      Fetcher fetcher = new Fetcher(session, store(), arrivals);
      long upto = session.seq();
      if (!store().contains(new ObjectId(ObjectType.COMMIT, theirs))) {
        boolean isKnownEpoch = session.epoch().equals(state.epoch());
        fetcher.fetchAfter(isKnownEpoch && state.seq() <= upto ? state.seq() : 0);
      }
      Set<ObjectId> gone = fetcher.complete(theirs, complete());
      if (!gone.isEmpty()) {
        return new Pulled(arrivals.count(), null, new SyncOutcome.Gone(theirs, gone));
      }
      state = state.seen(session.epoch(), upto, theirs);
      state.save(store().ownFolder());
      MergeOutcome merge =
          new Merger(store(), repository.author().sign(), resolver, unrelated)
              .merge(theirs, writer);
      boolean isStuck =
          merge instanceof MergeOutcome.Conflicted || merge instanceof MergeOutcome.Unrelated;
      return new Pulled(
          arrivals.count(), merge, isStuck ? new SyncOutcome.NeedsMerge(theirs, merge) : null);
    }
  }

  /**
   * Commits from which nothing below can be missing: our head, and what was fetched whole before.
   */
  private Set<Hash> complete() {
    Set<Hash> complete = new HashSet<>();
    store().head().ifPresent(complete::add);
    Hash last = state.head();
    if (last != null && store().contains(new ObjectId(ObjectType.COMMIT, last))) {
      complete.add(last);
    }
    return complete;
  }

  private void remember(RelaySession session) {
    Hash head = session.head();
    if (session.epoch().equals(state.epoch())
        && session.seq() == state.seq()
        && java.util.Objects.equals(head, state.head())) {
      return;
    }
    state = state.seen(session.epoch(), session.seq(), head);
    state.save(store().ownFolder());
  }
}
