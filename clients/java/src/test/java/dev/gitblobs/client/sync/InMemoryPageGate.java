package dev.gitblobs.client.sync;

import org.jspecify.annotations.Nullable;

/** Holds pages of events back, or lets them fail, for tests of what happens meanwhile. */
final class InMemoryPageGate {
  /** Where a page can be held back. */
  enum Moment {
    READING,
    SENDING
  }

  private @Nullable Moment heldAt;
  private boolean isReached;
  private int failing;

  /** Holds the next page at this moment. */
  void hold(Moment moment) {
    heldAt = moment;
    isReached = false;
  }

  /** Whether a page is held. */
  boolean isReached() {
    return isReached;
  }

  void release() {
    heldAt = null;
  }

  /** The database does not answer the next page. */
  void fail() {
    failing++;
  }

  /** Whether a page has to wait here. */
  boolean isClosed(Moment moment) {
    boolean isClosed = heldAt == moment;
    isReached |= isClosed;
    return isClosed;
  }

  /** Whether this page is one that fails. */
  boolean fails() {
    if (failing == 0) {
      return false;
    }
    failing--;
    return true;
  }
}
