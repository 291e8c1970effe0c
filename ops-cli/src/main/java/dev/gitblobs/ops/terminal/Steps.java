package dev.gitblobs.ops.terminal;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** The steps of a long command: each is announced, timed, and closed with what it found. */
public final class Steps {
  private final Terminal terminal;
  private final Map<String, Long> millis = new LinkedHashMap<>();
  private final long started = System.nanoTime();

  /** Steps that print to that terminal. */
  public Steps(Terminal terminal) {
    this.terminal = terminal;
  }

  /** What a step hands back: a value for the code and a phrase for the operator. */
  public record Outcome<T>(T value, String phrase) {}

  /**
   * Runs one step, prints {@code name: phrase (time)} when it is done, and passes its exception on.
   *
   * @param name a word or two; also the key of {@link #millis()}
   */
  public <T> T run(String name, Callable<Outcome<T>> work) throws Exception {
    long begin = System.nanoTime();
    Outcome<T> outcome = work.call();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    millis.put(name, took.toMillis());
    terminal.line(
        terminal.green("✓ ")
            + String.format("%-11s", name)
            + outcome.phrase()
            + terminal.dim(" (" + Terminal.time(took) + ")"));
    return outcome.value();
  }

  /** How long each finished step took, in order, in milliseconds. */
  public Map<String, Long> millis() {
    return Collections.unmodifiableMap(millis);
  }

  /** How long it took since these steps began. */
  public Duration total() {
    return Duration.ofNanos(System.nanoTime() - started);
  }
}
