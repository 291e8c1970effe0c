package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How to wait before doing something again. */
@FunctionalInterface
interface Pauses {
  /** Sleeps. */
  Pauses REAL =
      duration -> {
        try {
          Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new ConnectionLostException("Interrupted.", AfterClose.STOP, e);
        }
      };

  /** Waits this long. */
  void await(Duration duration);

  /**
   * Waits before try number {@code failures + 1}, with full jitter (PROTOCOL.md 8): devices that
   * were cut together must not come back together.
   */
  default void pause(int failures) {
    await(Duration.ofMillis(RandomGenerator.getDefault().nextLong(longest(failures) + 1)));
  }

  /** The longest pause after so many failures, in milliseconds. */
  static long longest(int failures) {
    return Math.min(Duration.ofSeconds(30).toMillis(), 500L << Math.min(failures, 16));
  }
}
