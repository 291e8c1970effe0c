package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.ErrorCode;
import dev.gitblobs.protocol.ServerOp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a device asks that what was pushed goes on being kept. */
class KeepingTest {
  private static final long NOW = 1_700_000_000_000L;
  private long nanos = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

  /** A connection to a relay that keeps things for a minute, and these for so long. */
  private Keeping keeping(@Nullable Long leftMs) {
    ServerOp.Allowance limits =
        new ServerOp.Allowance(
            1 << 20, 32 << 20, 65_536, 60, 60, 1 << 30, 1 << 20, 0, 0, 1, 1, 1, 1);
    Long until = leftMs == null ? null : NOW + leftMs;
    return new Keeping(
        new ServerOp.Welcome(
            1,
            5,
            "e1",
            null,
            7,
            1,
            List.of(),
            limits,
            "u",
            "ada",
            NOW,
            until,
            false,
            ServerOp.Hole.NEW),
        () -> nanos);
  }

  private void pass(long seconds) {
    nanos += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void asksAtOnceWhenHalfOfItsTimeHasPassed() {
    assertThat(keeping(29_000L).askIfDue(5)).contains(new ClientOp.Renew(5, null));
    assertThat(keeping(-900_000L).askIfDue(5)).isPresent();
  }

  @Test
  void asksLaterWhenItHasNot() {
    Keeping keeping = keeping(45_000L);
    assertThat(keeping.askIfDue(1)).isEmpty();
    pass(14);
    assertThat(keeping.askIfDue(2)).isEmpty();
    pass(1);
    assertThat(keeping.askIfDue(3)).isPresent();
  }

  @Test
  void asksAgainAfterEachHalf() {
    Keeping keeping = keeping(0L);
    assertThat(keeping.askIfDue(1)).isPresent();
    assertThat(keeping.takes(new ServerOp.Ok(1, null, NOW + 60_000, null, null))).isTrue();
    assertThat(keeping.until()).isEqualTo(NOW + 60_000);
    pass(29);
    assertThat(keeping.askIfDue(2)).isEmpty();
    pass(1);
    assertThat(keeping.askIfDue(3)).isPresent();
  }

  @Test
  void asksOfNothingOnlyWhenSomethingMayHaveCome() {
    Keeping keeping = keeping(null);
    assertThat(keeping.until()).isNull();
    assertThat(keeping.askIfDue(1)).isEmpty();
    pass(30);
    assertThat(keeping.askIfDue(2)).isPresent();
  }

  @Test
  void asksAgainWhenItIsRefusedAndTakesNobodyElsesAnswer() {
    Keeping keeping = keeping(0L);
    assertThat(keeping.askIfDue(4)).isPresent();
    assertThat(keeping.takes(new ServerOp.Ok(5, null, null, null, 1L))).isFalse();
    assertThat(keeping.takes(Failures.later(4, ErrorCode.UNAVAILABLE))).isTrue();
    assertThat(keeping.askIfDue(6)).isEqualTo(Optional.empty());
    pass(30);
    assertThat(keeping.askIfDue(7)).isPresent();
  }
}
