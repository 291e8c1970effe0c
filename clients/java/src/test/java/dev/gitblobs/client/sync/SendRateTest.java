package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A sender on a clock that moves only while it waits. */
class SendRateTest {
  private static final int FRAME = 1 << 20;

  private long nanos = 17;
  private Duration waited = Duration.ZERO;
  private final SendRate rate =
      new SendRate(
          () -> nanos,
          pause -> {
            nanos += pause.toNanos();
            waited = waited.plus(pause);
          });

  private void send(int frames, int bytes) {
    for (int i = 0; i < frames; i++) {
      rate.await(bytes);
    }
  }

  @Test
  void sendsABurstWithoutWaiting() {
    send(56, FRAME);
    assertThat(waited).isZero();
    nanos += Duration.ofMinutes(1).toNanos();
    send(1_800, 1);
    assertThat(waited).isZero();
  }

  @Test
  void waitsWhenTheBytesOfTheBurstAreSent() {
    send(56, FRAME);
    send(150, FRAME);
    assertThat(waited).isBetween(Duration.ofSeconds(10), Duration.ofMillis(10_200));
  }

  @Test
  void waitsWhenTheFramesOfTheBurstAreSent() {
    send(1_800, 1);
    send(4_500, 1);
    assertThat(waited).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(15));
  }

  @Test
  void neverSendsMoreThanTheRelayTakes() {
    long sent = 0;
    for (int i = 0; i < 1_000; i++) {
      rate.await(FRAME);
      sent += FRAME;
      assertThat(sent).isLessThanOrEqualTo((64L << 20) + (long) ((nanos - 17) / 1e9 * (16 << 20)));
    }
  }

  @Test
  void savesUpNoMoreThanOneBurst() {
    nanos += Duration.ofHours(1).toNanos();
    send(57, FRAME);
    assertThat(waited).isPositive();
  }

  @Test
  void savesUpNoMoreFramesThanOneBurst() {
    nanos += Duration.ofHours(1).toNanos();
    send(1_801, 1);
    assertThat(waited).isPositive();
  }
}
