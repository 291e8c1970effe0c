package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before connecting again. */
@FunctionalInterface
interface Pauses {
  /** Waits before try number {@code failures + 1}. */
  void pause(int failures);

  /** Full jitter (PROTOCOL.md 8): devices that were cut together must not come back together. */
  Pauses FULL_JITTER =
      failures -> {
        long longest = Math.min(Duration.ofSeconds(30).toMillis(), 500L << Math.min(failures, 16));
        try {
          Thread.sleep(RandomGenerator.getDefault().nextLong(longest + 1));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new ConnectionLostException("Interrupted.", AfterClose.STOP, e);
        }
      };
}
