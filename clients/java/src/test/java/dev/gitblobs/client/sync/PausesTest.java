package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PausesTest {
  private static final int TIMES = 400;

  /** Many pauses after so many failures. */
  private static List<Duration> pauses(int failures) {
    List<Duration> asked = new ArrayList<>();
    Pauses pauses = asked::add;
    IntStream.range(0, TIMES).forEach(i -> pauses.pause(failures));
    return asked;
  }

  @Test
  void theLongestPauseDoublesToHalfAMinute() {
    assertThat(IntStream.range(0, 9).mapToObj(Pauses::longest))
        .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
    assertThat(Pauses.longest(Integer.MAX_VALUE)).isEqualTo(30_000L);
  }

  @Test
  void pausesSpreadOverAllTheTimeUpToTheLongest() {
    Duration longest = Duration.ofMillis(Pauses.longest(4));
    assertThat(pauses(4))
        .hasSize(TIMES)
        .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ZERO, longest))
        .anySatisfy(pause -> assertThat(pause).isLessThan(longest.dividedBy(4)))
        .anySatisfy(pause -> assertThat(pause).isGreaterThan(longest.dividedBy(4).multipliedBy(3)));
  }

  @Test
  void anInterruptedPauseEndsTheConnectionForGood() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Pauses.REAL.await(Duration.ofMinutes(1)))
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.then()).isEqualTo(AfterClose.STOP));
    assertThat(Thread.interrupted()).as("still told to end").isTrue();
  }
}
