package dev.gitblobs.ops.migrate;

/** Where a run of {@code migrate up} can be stopped; tests kill it at each of them. */
public enum Step {
  /** The ledger was read; nothing is held. */
  LEDGER_READ,
  /** This run holds the lock. */
  LOCKED,
  /** The mark of the database before the next call is known. */
  BOOKMARKED,
  /** The next call was committed; the record of its duration is not. */
  APPLIED,
  /** The lock is given back and the ledger read again. */
  CHECKED
}
