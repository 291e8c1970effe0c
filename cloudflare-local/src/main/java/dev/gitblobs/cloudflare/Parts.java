package dev.gitblobs.cloudflare;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened, closed in the reverse order, each whatever became of the others. */
final class Parts implements AutoCloseable {
  /** How a part is closed. */
  @FunctionalInterface
  interface Closing {
    void close() throws IOException;
  }

  private final Deque<Closing> opened = new ArrayDeque<>();

  /** From now on closed with the others. */
  void opened(Closing closing) {
    opened.push(closing);
  }

  /**
   * Closes all; a second call does nothing.
   *
   * @throws IOException the first failure, with the others suppressed in it
   */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (IOException | RuntimeException e) {
        if (failure == null) {
          failure = new IOException("closing failed: " + e.getMessage(), e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
