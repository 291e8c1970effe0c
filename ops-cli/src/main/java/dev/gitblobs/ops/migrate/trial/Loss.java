package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.file.Migration;
import java.util.List;

/**
 * One thing that a migration takes away, breaks or cannot do.
 *
 * @param kind which
 * @param migration by which file
 * @param line on which line of it
 * @param table the table concerned, as it is called before; empty when it is none
 * @param what what happens, as a short phrase
 * @param lost how many of the sample rows it happens to; 0 when it is not about rows
 * @param of how many sample rows there were
 * @param remedy SQL that does it safely, with remarks; empty where the rule says enough
 */
public record Loss(
    Kind kind,
    Migration migration,
    int line,
    String table,
    String what,
    int lost,
    int of,
    List<String> remedy) {
  /** Copies the remedy. */
  public Loss {
    remedy = List.copyOf(remedy);
  }

  /** The kinds of losses. */
  public enum Kind {
    /** D1 refuses the statement, whatever rows there are. */
    REFUSED,
    /** It fails as soon as the table has a row. */
    FAILS_ON_ROWS,
    /** A new column without a value for the rows that are there. */
    NOT_NULL_WITHOUT_DEFAULT,
    /** It fails when a row that is there does not suit it. */
    MAY_FAIL_ON_ROWS,
    /** The same, because two rows may be equal in it. */
    UNIQUE_ON_ROWS,
    TABLE_DROPPED,
    TABLE_RENAMED,
    COLUMN_LOST,
    COLUMN_RENAMED,
    TYPE_CHANGED,
    NOT_NULL_ADDED,
    /** What the running version writes is refused now. */
    WRITES_REFUSED,
    /** Rows go because a row they refer to goes. */
    ROWS_CASCADED,
    ROWS_DELETED,
    ROWS_REPLACED,
    /** The new table of a rebuild does not have them. */
    ROWS_NOT_COPIED,
    VALUES_OVERWRITTEN,
    /** References become NULL or a default because a row goes. */
    REFERENCES_CLEARED,
    /** A trigger changes values. */
    VALUES_BY_TRIGGER,
    /** Nothing of the sample was met, so what it deletes or overwrites is not known. */
    UNTRIED_WRITE,
    CONSTRAINT_LOST,
    CONSTRAINT_CHANGED,
    DEFAULT_LOST,
    INDEX_LOST,
    INDEX_DROPPED,
    TRIGGER_LOST,
    VIEW_LOST
  }
}
