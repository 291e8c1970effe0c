package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.CloseCode.AfterClose;

/** Counts the connections lost in a row and does what is proper after each (PROTOCOL.md 8). */
final class Reconnection {
  private final Relay relay;
  private final Pauses pauses;
  private int failures;
  private boolean isRefreshed;

  Reconnection(Relay relay, Pauses pauses) {
    this.relay = relay;
    this.pauses = pauses;
  }

  /** The connection was of use: the next loss is the first in a row again. */
  void worked() {
    failures = 0;
    isRefreshed = false;
  }

  /** How many were lost in a row. */
  int failures() {
    return failures;
  }

  /**
   * Gets ready to connect again: waits, or refreshes the token, once. Throws when connecting again
   * is of no use.
   */
  void lost(ConnectionLostException loss) {
    if (loss.then() == AfterClose.STOP) {
      throw loss;
    }
    if (loss.then() == AfterClose.REFRESH) {
      if (isRefreshed) {
        throw new ConnectionLostException(
            loss.getMessage() + " A fresh token did not help: log in again.",
            AfterClose.STOP,
            loss);
      }
      if (!refresh()) {
        return;
      }
    }
    pause(loss);
  }

  /** False when there is no token to be had for now: then it was waited for. */
  private boolean refresh() {
    try {
      relay.freshToken();
      isRefreshed = true;
      return true;
    } catch (ConnectionLostException e) {
      if (e.then() == AfterClose.STOP) {
        throw e;
      }
      pause(e);
      return false;
    }
  }

  /** The pause that was asked for, and the jitter on top of it: not all shall come at once. */
  private void pause(ConnectionLostException loss) {
    loss.pause().ifPresent(pauses::await);
    pauses.pause(failures++);
  }
}
