package dev.gitblobs.cli;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** One line on standard error that counts up while something long goes on; only on a terminal. */
final class Progress implements LongConsumer, AutoCloseable {
  private static final Duration REDRAW = Duration.ofMillis(100);

  private final Terminal terminal;
  private final String what;
  private final boolean isShown;
  private final AtomicLong drawnAt = new AtomicLong(System.nanoTime());

  Progress(Terminal terminal, String what, boolean isShown) {
    this.terminal = terminal;
    this.what = what;
    this.isShown = isShown;
  }

  @Override
  public void accept(long done) {
    long last = drawnAt.get();
    long now = System.nanoTime();
    if (isShown && now - last > REDRAW.toNanos() && drawnAt.compareAndSet(last, now)) {
      terminal.err().printf("\r%s: %,d", what, done);
      terminal.err().flush();
    }
  }

  /** The same with an end in sight: a bar. */
  void accept(long done, long all) {
    long last = drawnAt.get();
    long now = System.nanoTime();
    if (isShown && now - last > REDRAW.toNanos() && drawnAt.compareAndSet(last, now)) {
      int width = 30;
      int filled = all == 0 ? width : (int) Math.min(width, done * width / all);
      String bar = "#".repeat(filled) + ".".repeat(width - filled);
      terminal.err().printf("\r%s [%s] %,d of %,d", what, bar, done, all);
      terminal.err().flush();
    }
  }

  @Override
  public void close() {
    if (isShown) {
      terminal.err().print("\r\u001b[K");
      terminal.err().flush();
    }
  }
}
