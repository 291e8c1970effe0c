package dev.gitblobs.client.sync;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps a sender below the relay's limits of 16 MiB and 500 frames a second, with bursts of 64 MiB
 * and 2000 frames (PROTOCOL.md 9); some of each is left for the clocks' difference.
 */
final class SendRate {
  private static final double BYTES_PER_SECOND = 15 << 20;
  private static final double BURST_BYTES = 56 << 20;
  private static final double FRAMES_PER_SECOND = 450;
  private static final double BURST_FRAMES = 1_800;

  private final LongSupplier nanoTime;
  private final Pauses pauses;
  private double bytes = BURST_BYTES;
  private double frames = BURST_FRAMES;
  private long at;

  /** A sender that has sent nothing so far, on a clock as {@link System#nanoTime}. */
  SendRate(LongSupplier nanoTime, Pauses pauses) {
    this.nanoTime = nanoTime;
    this.pauses = pauses;
    this.at = nanoTime.getAsLong();
  }

  /** Waits until a frame of this size may be sent. */
  void await(int frameBytes) {
    refill();
    bytes -= frameBytes;
    frames -= 1;
    double seconds = Math.max(-bytes / BYTES_PER_SECOND, -frames / FRAMES_PER_SECOND);
    if (seconds > 0) {
      pauses.await(Duration.ofMillis((long) Math.ceil(seconds * 1000)));
    }
  }

  private void refill() {
    long now = nanoTime.getAsLong();
    double seconds = (now - at) / 1e9;
    at = now;
    bytes = Math.min(BURST_BYTES, bytes + seconds * BYTES_PER_SECOND);
    frames = Math.min(BURST_FRAMES, frames + seconds * FRAMES_PER_SECOND);
  }
}
