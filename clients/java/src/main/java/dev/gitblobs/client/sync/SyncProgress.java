package dev.gitblobs.client.sync;

/** Told how a long exchange goes on. */
@FunctionalInterface
public interface SyncProgress {
  /** What is going on. */
  enum Phase {
    /** Objects are arriving. */
    RECEIVING,
    /** Objects are being sent. */
    SENDING,
    /** There is no store of that name at the relay, and it is being made. */
    MAKING_STORE,
    /** The connection was cut and is being made again. */
    RECONNECTING,
    /** A file that the relay does not take, and that is deleted since, goes from the commits. */
    LEAVING_OUT
  }

  /**
   * So many are done.
   *
   * @param all how many there will be; 0 when that is not known
   */
  void report(Phase phase, long done, long all);

  /** Tells nobody. */
  SyncProgress SILENT = (phase, done, all) -> {};
}
