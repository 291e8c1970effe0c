package dev.gitblobs.client.folder;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.object.Hash;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Keeps a folder and its store equal for as long as it runs: commits what is saved, and writes what
 * the head gets. What it can get over, such as a full disk, it tells and tries again.
 */
public final class FolderFollower {
  /** How soon a move of the head is noticed: one small file is read this often. */
  private static final Duration LOOK = Duration.ofMillis(250);

  /** After a failure. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private static final System.Logger LOG = System.getLogger(FolderFollower.class.getName());

  private final Repository repository;
  private final WorkingFolder folder;
  private final FolderChanges changes;
  private final Consumer<FolderCommit> listener;
  private final Consumer<GitBlobsException> troubles;

  /** What was left undone when the listener was told last. */
  private List<Object> told = List.of();

  /** Tells {@code listener} of what it did and could not do, and {@code troubles} of failures. */
  public FolderFollower(
      Repository repository,
      WorkingFolder folder,
      FolderChanges changes,
      Consumer<FolderCommit> listener,
      Consumer<GitBlobsException> troubles) {
    this.repository = repository;
    this.folder = folder;
    this.changes = changes;
    this.listener = listener;
    this.troubles = troubles;
  }

  /** Goes on until told to end. */
  public void run(BooleanSupplier isEnded) {
    Optional<Hash> seen = Optional.empty();
    boolean isStale = true;
    boolean isFailing = false;
    while (!isEnded.getAsBoolean()) {
      try {
        if (isStale || !repository.store().head().equals(seen)) {
          seen = commit();
          // What was made in a directory before it was watched is found by one look more.
          isStale = changes.watch(folder.directories());
        }
        isFailing = false;
      } catch (GitBlobsException e) {
        isStale = true;
        isFailing = true;
        tell(troubles, e);
      }
      if (!isStale || isFailing) {
        isStale |= changes.await(isFailing ? PAUSE : LOOK);
      }
    }
  }

  /** Returns the head that the folder has by now. */
  private Optional<Hash> commit() {
    FolderCommit commit = folder.commit(null, path -> true, ConflictResolver.NONE);
    List<Object> undone = List.of(commit.conflicts(), commit.skipped(), commit.brought().skipped());
    boolean isNews =
        commit.outcome() instanceof CommitOutcome.Committed
            || !commit.brought().isNothing()
            || (!commit.isWhole() && !undone.equals(told));
    told = undone;
    if (isNews) {
      tell(listener, commit);
    }
    return Optional.ofNullable(commit.brought().head());
  }

  private static <T> void tell(Consumer<T> listener, T news) {
    try {
      listener.accept(news);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a listener of the folder failed", e);
    }
  }
}
