package dev.gitblobs.client.sync;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.Ancestry;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.MergeOutcome;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.ErrorCode;
import dev.gitblobs.protocol.Limits;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
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

  /** Whether a store may be made at the relay: only where the user asked for it. */
  public enum Making {
    /** It has to be there. */
    NEVER,
    /** Where there is none of that name, and this copy never belonged to one. */
    WHERE_NEW,
    /** Also where the one it belonged to was removed. */
    ANEW
  }

  /** Larger files stay in the copy: no relay takes them (PROTOCOL.md 3). */
  public static final long LARGEST_FILE_BYTES = Limits.OBJECT_BYTES;

  /** Tries without progress before a cut or a refusal is reported; about a minute. */
  private static final int MAX_TRIES = 8;

  /** Devices that push at the same moment; each round one of them succeeds. */
  private static final int MAX_ROUNDS = 50;

  private final Repository repository;
  private final Relay relay;
  private final SyncProgress progress;
  private final ConflictResolver resolver;
  private final UnrelatedPolicy unrelated;
  private final Making making;
  private final Pauses pauses;
  private SyncState state;
  private boolean hasProgressed;

  /** Syncs as the repository's author. {@code state} is what {@link SyncState#load} gave. */
  public Syncer(
      Repository repository,
      Relay relay,
      SyncState state,
      SyncProgress progress,
      ConflictResolver resolver,
      UnrelatedPolicy unrelated,
      Making making) {
    this(repository, relay, state, progress, resolver, unrelated, making, Pauses.REAL);
  }

  Syncer(
      Repository repository,
      Relay relay,
      SyncState state,
      SyncProgress progress,
      ConflictResolver resolver,
      UnrelatedPolicy unrelated,
      Making making,
      Pauses pauses) {
    this.making = making;
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

  /** One exchange, tried again after cuts for as long as each try gets further. */
  public SyncOutcome sync(Direction direction) {
    Reconnection reconnection = reconnection();
    while (true) {
      hasProgressed = false;
      try (DeviceTurn turn = DeviceTurn.take(store().ownFolder(), state.device());
          RelaySession session = connect(turn)) {
        return exchange(session, direction);
      } catch (ConnectionLostException e) {
        if (hasProgressed) {
          reconnection.worked();
        }
        if (reconnection.failures() + 1 >= MAX_TRIES) {
          throw e;
        }
        reconnection.lost(e);
        progress.report(SyncProgress.Phase.RECONNECTING, reconnection.failures(), MAX_TRIES);
      }
    }
  }

  Reconnection reconnection() {
    return new Reconnection(relay, pauses);
  }

  /** A session to stay in; see {@link Follower}. Makes the store where it may. */
  RelaySession connect(DeviceTurn turn) {
    try {
      return open(turn);
    } catch (NoStoreException e) {
      boolean isNew = !e.isRemoved() && state.storeId() == null;
      if (making == Making.NEVER || (making == Making.WHERE_NEW && !isNew)) {
        throw e;
      }
      progress.report(SyncProgress.Phase.MAKING_STORE, 0, 0);
      state = state.attached(relay.make(state.store()));
      state.save(store().ownFolder());
      return open(turn);
    }
  }

  private RelaySession open(DeviceTurn turn) {
    Runnable onProgress = () -> hasProgressed = true;
    return RelaySession.open(relay, state.store(), state.storeId(), turn.name(), onProgress);
  }

  private FileStore store() {
    return repository.store();
  }

  /** One exchange over this session; what the relay refuses for now is tried again on it. */
  SyncOutcome exchange(RelaySession session, Direction direction) {
    for (int refusals = 0; ; ) {
      hasProgressed = false;
      try {
        return exchangeNow(session, direction);
      } catch (TryLaterException e) {
        refusals = hasProgressed ? 1 : refusals + 1;
        if (refusals >= MAX_TRIES) {
          throw e;
        }
        session.startOver();
        if (e.wantsToken()) {
          session.authenticate();
        } else if (e.after().isPresent()) {
          pauses.await(e.after().get());
        } else {
          pauses.pause(refusals);
        }
      }
    }
  }

  private SyncOutcome exchangeNow(RelaySession session, Direction direction) {
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
      repository.decide(resolver);
      Optional<Hash> ours = store().head();
      boolean isCurrent = ours.isEmpty() || ours.get().equals(theirs);
      if (direction == Direction.PULL || isCurrent) {
        return new SyncOutcome.Done(
            ours.orElse(null), merge, received, 0, false, repository.conflicts());
      }
      Pusher.Outcome pushed = new Pusher(session, store(), progress).push(ours.get());
      if (pushed instanceof Pusher.Outcome.Accepted accepted) {
        remember(session);
        return new SyncOutcome.Done(
            ours.get(), merge, received, accepted.objectsSent(), true, repository.conflicts());
      }
      if (pushed instanceof Pusher.Outcome.Unfit unfit) {
        UnfitFile file = new UnfitFile(repository, unfit.object(), theirs);
        String path = file.path();
        if (path != null && file.isDeleted()) {
          progress.report(SyncProgress.Phase.LEAVING_OUT, 0, 0);
          if (file.leaveOut()) {
            continue;
          }
        }
        return new SyncOutcome.Unfit(unfit.object(), path, unfit.reason());
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
    Arrivals arrivals = new Arrivals(store(), progress);
    Fetcher fetcher = new Fetcher(session, store(), arrivals);
    long upto = session.seq();
    if (!store().contains(new ObjectId(ObjectType.COMMIT, theirs))) {
      fetchMissed(session, fetcher);
    }
    Set<ObjectId> gone = fetcher.complete(theirs, complete());
    if (!gone.isEmpty()) {
      return new Pulled(arrivals.count(), null, new SyncOutcome.Gone(theirs, gone));
    }
    learn(known -> known.seen(session.storeId(), session.epoch(), upto, theirs));
    MergeOutcome merge =
        repository.mergeLeavingOpen(theirs, resolver, unrelated, session.headDevice());
    boolean isStuck =
        merge instanceof MergeOutcome.Conflicted || merge instanceof MergeOutcome.Unrelated;
    return new Pulled(
        arrivals.count(), merge, isStuck ? new SyncOutcome.NeedsMerge(theirs, merge) : null);
  }

  /** Fetches what came since we last looked, from where an earlier fetch was cut. */
  private void fetchMissed(RelaySession session, Fetcher fetcher) {
    boolean isKnown = session.epoch().equals(state.epoch()) && state.seq() <= session.seq();
    long after = isKnown ? state.seq() : 0;
    Consumer<String> pages = next -> learn(known -> known.fetching(session.epoch(), after, next));
    try {
      fetcher.fetchAfter(after, isKnown ? state.next() : null, pages);
    } catch (RelayRefusedException e) {
      if (!e.failure().known().equals(Optional.of(ErrorCode.BAD_NEXT))) {
        throw e;
      }
      fetcher.fetchAfter(after, null, pages);
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
    learn(
        known ->
            known
                .seen(session.storeId(), session.epoch(), session.seq(), session.head())
                .keptUntil(session.keptUntil()));
  }

  /** Keeps what was learnt on top of what other processes with this copy have learnt. */
  private void learn(UnaryOperator<SyncState> step) {
    Optional<SyncState> kept = SyncState.load(store().ownFolder());
    state = step.apply(kept.filter(state::isOfSame).orElse(state));
    boolean isElsewhere = kept.isPresent() && !kept.get().isOfSame(state);
    if (!isElsewhere && !kept.equals(Optional.of(state))) {
      state.save(store().ownFolder());
    }
  }
}
