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

  /** Waits, and then works; one work after the other. */
  interface Timer {
    void after(Duration delay, Runnable work);

    /** Nothing is begun from now on. */
    void stop();
  }

  private final Clock clock;
  private final Timer timer;
  private final Supplier<AccountState> state;
  private final Firing firing;
  private final List<Runnable> everyMinute;

  /**
   * Does not start by itself.
   *
   * @param everyMinute what else is due each minute
   */
  public CronTicker(
      Clock clock, Supplier<AccountState> state, Firing firing, List<Runnable> everyMinute) {
    this(clock, new ThreadTimer(), state, firing, everyMinute);
  }

  CronTicker(
      Clock clock,
      Timer timer,
      Supplier<AccountState> state,
      Firing firing,
      List<Runnable> everyMinute) {
    this.clock = clock;
    this.timer = timer;
    this.state = state;
    this.firing = firing;
    this.everyMinute = List.copyOf(everyMinute);
  }

  /** Fires from the next full minute on, each minute at most once. */
  public void start() {
    schedule(minuteAfter(clock.instant()));
  }

  private void schedule(Instant minute) {
    timer.after(
        upTo(minute),
        () -> {
          // Counted from the minute and not from the clock: a timer that is early by a hair would
          // else fire the same minute again. Minutes that were slept through are left out.
          Instant following = minute.plus(1, ChronoUnit.MINUTES);
          Instant due = minuteAfter(clock.instant());
          schedule(due.isAfter(following) ? due : following);
          tick(minute);
          everyMinute.forEach(work -> safely("the work of each minute", work));
        });
  }

  private static Instant minuteAfter(Instant time) {
    return time.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
  }

  /** Rounded up to a millisecond, so that the minute has begun when the wait is over. */
  private Duration upTo(Instant minute) {
    Duration wait = Duration.between(clock.instant(), minute);
    return wait.isNegative()
        ? Duration.ZERO
        : wait.plusNanos(999_999).truncatedTo(ChronoUnit.MILLIS);
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
    timer.stop();
  }

  private static final class ThreadTimer implements Timer {
    private final ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "cron");
              thread.setDaemon(true);
              return thread;
            });

    @Override
    public void after(Duration delay, Runnable work) {
      Future<?> unused = thread.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
      thread.shutdownNow();
    }
  }
}
