package dev.gitblobs.cloudflare.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Script;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CronTickerTest {
  private static final Instant MINUTE = Instant.parse("2026-11-23T10:17:00Z");

  @Test
  void firesWhatIsDueThoughAnotherOneFails() {
    List<String> fired = new ArrayList<>();
    CronTicker ticker =
        new CronTicker(
            Clock.systemUTC(),
            () -> state("0 0 * * *", "17 * * * *", "*/17 * * * *"),
            (script, cron, time) -> {
              fired.add(script + " " + cron + " " + time);
              throw new IllegalStateException("the handler failed");
            },
            List.of());
    ticker.tick(MINUTE);
    ticker.close();
    assertThat(fired).containsExactly("app 17 * * * * " + MINUTE, "app */17 * * * * " + MINUTE);
  }

  @Test
  void firesEachMinuteOnceThoughTheTimerIsEarlyByAHair() {
    FakeTime time = new FakeTime(MINUTE.minusNanos(1_500_000));
    List<Instant> fired = startedTicker(time);

    time.runNext(Duration.ofMillis(2).minusNanos(600_000)); // 0.1 ms before the minute
    time.runNext(Duration.ofMinutes(1));
    time.runNext(Duration.ofMinutes(1));

    assertThat(fired).containsExactly(MINUTE, MINUTE.plusSeconds(60), MINUTE.plusSeconds(120));
  }

  @Test
  void waitsUntilTheMinuteHasBegun() {
    FakeTime time = new FakeTime(MINUTE.minusNanos(1_500_000));
    startedTicker(time);

    assertThat(time.delay).isEqualTo(Duration.ofMillis(2));
  }

  @Test
  void leavesOutTheMinutesThatTheMachineSleptThrough() {
    FakeTime time = new FakeTime(MINUTE.minusSeconds(10));
    List<Instant> fired = startedTicker(time);

    time.runNext(Duration.ofSeconds(10).plus(Duration.ofMinutes(30)).plusMillis(5));
    time.runNext(Duration.ofMinutes(1));

    assertThat(fired).containsExactly(MINUTE, MINUTE.plus(Duration.ofMinutes(31)));
  }

  private static List<Instant> startedTicker(FakeTime time) {
    List<Instant> fired = new ArrayList<>();
    new CronTicker(
            time,
            time,
            () -> state("* * * * *"),
            (script, cron, minute) -> fired.add(minute),
            List.of())
        .start();
    return fired;
  }

  /** A clock that stands still until the one waiting work is run. */
  private static final class FakeTime extends Clock implements CronTicker.Timer {
    private Instant now;
    private Duration delay = Duration.ZERO;
    private Runnable waiting = () -> {};

    FakeTime(Instant now) {
      this.now = now;
    }

    @Override
    public void after(Duration delay, Runnable work) {
      this.delay = delay;
      waiting = work;
    }

    @Override
    public void stop() {
      waiting = () -> {};
    }

    void runNext(Duration passed) {
      now = now.plus(passed);
      waiting.run();
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private static AccountState state(String... crons) {
    List<Script.Schedule> schedules = new ArrayList<>();
    for (String cron : crons) {
      schedules.add(new Script.Schedule(cron, MINUTE, MINUTE));
    }
    Script script =
        new Script(
            "app",
            "tag",
            MINUTE,
            MINUTE,
            1,
            null,
            Map.of(),
            JsonNodeFactory.instance.objectNode(),
            schedules,
            new Script.Subdomain(false, false),
            List.of(),
            List.of());
    return new AccountState(Map.of(), Map.of("app", script), Map.of(), Map.of(), Map.of());
  }
}
