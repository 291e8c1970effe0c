package dev.gitblobs.cloudflare.api;

import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Script;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Fires cron triggers at the start of the minutes they name, in UTC. */
public final class CronTicker implements AutoCloseable {
  /** Runs a script's scheduled handler. */
  @FunctionalInterface
  public interface Firing {
    void fire(String script, String cron, Instant scheduledTime);
  }

  private final Clock clock;
  private final Supplier<AccountState> state;
  private final Firing firing;
  private final Runnable everyMinute;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "cron");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Does not start by itself.
   *
   * @param everyMinute what else is due each minute
   */
  public CronTicker(
      Clock clock, Supplier<AccountState> state, Firing firing, Runnable everyMinute) {
    this.clock = clock;
    this.state = state;
    this.firing = firing;
    this.everyMinute = everyMinute;
  }

  public void start() {
    scheduleNext();
  }

  private void scheduleNext() {
    Instant next = clock.instant().truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    long delay = Math.max(0, Duration.between(clock.instant(), next).toMillis());
    Future<?> unused =
        timer.schedule(
            () -> {
              scheduleNext();
              tick(next);
              safely("the work of each minute", everyMinute);
            },
            delay,
            TimeUnit.MILLISECONDS);
  }

  /** Fires what is due in the minute that begins at this instant. */
  void tick(Instant minute) {
    ZonedDateTime time = minute.atZone(ZoneOffset.UTC);
    for (Script script : state.get().scripts().values()) {
      List<String> crons = script.schedules().stream().map(Script.Schedule::cron).toList();
      for (String cron : crons) {
        if (CronExpression.parse(cron).matches(time)) {
          safely(
              "cron " + cron + " of " + script.name(),
              () -> firing.fire(script.name(), cron, minute));
        }
      }
    }
  }

  /** One failure must not keep the others from being done. */
  private static void safely(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      System.err.println("cloudflare-local: " + what + " failed: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
