package dev.gitblobs.ops.migrate;

/** Where a run of {@code migrate up} can be stopped; tests kill it at each of them. */
public enum Step {
  /** The ledger was read; nothing is held. */
  LEDGER_READ,
  /** This run holds the lock. */
  LOCKED,
  /** The mark of the database before the next call is known. */
  BOOKMARKED,
  /** An import was announced; D1 has nothing of it. */
  IMPORT_BEGUN,
  /** Its text was uploaded; nothing of it has run. */
  IMPORT_UPLOADED,
  /** D1 was told to run it, and may still be at it. */
  IMPORT_INGESTED,
  /** The next call was committed; the record of its duration is not. */
  APPLIED,
  /** The lock is given back and the ledger read again. */
  CHECKED
}
