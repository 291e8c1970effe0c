package dev.gitblobs.client.sync;

import static java.util.Objects.requireNonNull;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.Repository;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A device in live mode, in a thread of its own. */
final class LiveDevice implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  final BlockingQueue<GitBlobsException> troubles = new LinkedBlockingQueue<>();
  private final CompletableFuture<SyncOutcome> met = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean isEnded;

  /** Follows; {@code goal} says of each exchange whether what the test waits for has come. */
  LiveDevice(Syncer syncer, Repository repository, Predicate<SyncOutcome> goal) {
    Follower follower =
        new Follower(
            syncer,
            repository.store(),
            outcome -> {
              if (goal.test(outcome)) {
                met.complete(outcome);
              }
            },
            troubles::add);
    Thread thread =
        new Thread(
            () -> {
              try {
                follower.run(() -> isEnded);
                ended.complete(null);
              } catch (RuntimeException e) {
                ended.completeExceptionally(e);
                met.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until the goal is met; throws what ended live mode before. */
  SyncOutcome await() throws ExecutionException, InterruptedException, TimeoutException {
    return met.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Completes when the goal is met. */
  CompletableFuture<SyncOutcome> met() {
    return met;
  }

  /** Waits for what ends live mode. */
  Throwable failure() throws InterruptedException, TimeoutException {
    try {
      ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("live mode ended by itself");
    } catch (ExecutionException e) {
      return requireNonNull(e.getCause());
    }
  }

  @Override
  public void close() throws InterruptedException, TimeoutException {
    isEnded = true;
    try {
      ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return; // the test has looked at it
    }
  }
}
