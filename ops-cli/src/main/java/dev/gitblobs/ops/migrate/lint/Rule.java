package dev.gitblobs.ops.migrate.lint;

import dev.gitblobs.ops.migrate.trial.Loss;
import java.util.Arrays;
import java.util.Optional;

/** What the lint looks for. Ids are stable: files name them to allow an exception. */
public enum Rule {
  ROWS_CASCADED(
      "rows-cascaded",
      Kind.RISKY,
      "Foreign keys cannot be switched off on D1, and deferring them defers checks, not cascades:"
          + " never drop or replace a parent while rows refer to it. Add a column instead of a"
          + " rebuild, or keep the rows meanwhile."),
  ROWS_NOT_COPIED(
      "rows-not-copied", Kind.RISKY, "What is not copied before the old table is dropped is lost."),
  ROWS_DELETED(
      "rows-deleted", Kind.RISKY, "Rows that are there are lost; copy what may be needed first."),
  ROWS_REPLACED(
      "rows-replaced",
      Kind.RISKY,
      "REPLACE deletes the row that is in the way, and what refers to it goes as well; write with"
          + " ON CONFLICT instead, and only what is meant."),
  VALUES_OVERWRITTEN(
      "values-overwritten",
      Kind.RISKY,
      "The values that are there are lost; write into a new column and let the next version use"
          + " it."),
  REFERENCES_CLEARED(
      "references-cleared",
      Kind.RISKY,
      "ON DELETE SET NULL and SET DEFAULT act when a parent is dropped or replaced, deferred or"
          + " not; keep the references meanwhile."),
  DROP_TABLE(
      "drop-table",
      Kind.RISKY,
      "Its rows are lost, and the running version may still use the table: first deploy a version"
          + " that does not."),
  DROP_COLUMN(
      "drop-column",
      Kind.RISKY,
      "Its values are lost, and the running version may still use the column: first deploy a"
          + " version that does not."),
  RENAME(
      "rename",
      Kind.RISKY,
      "The running version knows the old name only: add the new one beside it, and drop the old"
          + " one in a later release."),
  TYPE(
      "changed-type",
      Kind.RISKY,
      "The running version expects the old type: add a column of the new one beside it."),
  NOT_NULL(
      "not-null-without-default",
      Kind.RISKY,
      "SQLite refuses it on a table with rows, and the running version does not fill it: give it a"
          + " DEFAULT."),
  NOT_NULL_ADDED(
      "not-null-added",
      Kind.RISKY,
      "It fails when a row has NULL there, and the running version may still write NULL."),
  WRITES_REFUSED(
      "writes-refused",
      Kind.RISKY,
      "The running version goes on writing while the next one is deployed."),
  CONSTRAINT_LOST(
      "constraint-lost", Kind.RISKY, "What it kept out may come in: write it into the new table."),
  DEFAULT_LOST(
      "default-lost",
      Kind.RISKY,
      "The running version may leave the column out: write the DEFAULT into the new table."),
  INDEX_LOST(
      "index-lost",
      Kind.RISKY,
      "Indexes go with the old table, and so does what a unique one kept out: make it again."),
  TRIGGER_LOST(
      "trigger-lost", Kind.RISKY, "Triggers go with the old table: make it again if it is needed."),
  VIEW_LOST("view-lost", Kind.RISKY, "The running version may still read the view."),
  FAILS_ON_ROWS(
      "fails-on-rows",
      Kind.RISKY,
      "It works on an empty table only: D1 refuses the whole file as soon as there are rows."),
  MAY_FAIL("may-fail-on-rows", Kind.REMARK, "D1 refuses the whole file when such a row is there."),
  UNIQUE("unique-on-filled-table", Kind.REMARK, "It fails when rows that are there collide."),
  UNTRIED(
      "untried-write",
      Kind.RISKY,
      "No sample row meets its condition, so what it does to real ones is not known."),
  VALUES_BY_TRIGGER("values-by-trigger", Kind.REMARK, "Look whether that is meant."),
  CONSTRAINT_CHANGED("constraint-changed", Kind.REMARK, "Look whether that is meant."),
  INDEX_DROPPED("index-dropped", Kind.REMARK, "Queries that used it read the whole table."),
  D1_REFUSES("d1-refuses", Kind.REFUSED, "D1 does not take it."),
  TRANSACTION(
      "transaction", Kind.REFUSED, "D1 refuses it: each migration is a transaction already."),
  FORBIDDEN("attach-or-vacuum", Kind.REFUSED, "D1 refuses it."),
  FOREIGN_KEYS(
      "foreign-keys-pragma",
      Kind.REMARK,
      "On D1 foreign keys stay on whatever it says: what a drop cascades to is deleted."),
  TOO_LONG("statement-too-long", Kind.REFUSED, "D1 takes statements up to 100,000 bytes."),
  UNCLOSED(
      "unclosed-text", Kind.REFUSED, "A string, quoted name or comment in it is never closed."),
  DOWN_FILE(
      "down-file",
      Kind.REMARK,
      "It runs as the next migration, as wrangler does it too; go back with relayctl migrate"
          + " restore instead."),
  DUPLICATE_NUMBER(
      "duplicate-number", Kind.REMARK, "Two files of one number run in the order of their names."),
  NUMBER_GAP("number-gap", Kind.REMARK, "A file that fills the gap later runs out of order."),
  EMPTY("empty", Kind.REMARK, "It has no statement."),
  EDITED(
      "edited",
      Kind.REFUSED,
      "It was applied already in another form; restore it and write a new migration."),
  ALLOW_WITHOUT_REASON(
      "allow-without-reason", Kind.REFUSED, "Say why: -- lint:allow RULE reason=..."),
  ALLOW_UNKNOWN_RULE("allow-unknown-rule", Kind.REFUSED, "There is no such rule to allow."),
  ALLOW_UNUSED("allow-unused", Kind.REMARK, "Nothing here needs it; remove it.");

  /** How bad a finding is and whether a file may allow it. */
  public enum Kind {
    /** It cannot work, or the lint cannot judge it: an error that no remark allows. */
    REFUSED,
    /** It loses something, or can hurt what runs: an error unless the file allows it. */
    RISKY,
    /** Worth a look: a warning. */
    REMARK
  }

  private final String id;
  private final Kind kind;
  private final String why;

  Rule(String id, Kind kind, String why) {
    this.id = id;
    this.kind = kind;
    this.why = why;
  }

  /** Its stable name. */
  public String id() {
    return id;
  }

  /** How bad its findings are. */
  public Kind kind() {
    return kind;
  }

  /** Why it is a rule and what to do, in a few sentences. */
  public String why() {
    return why;
  }

  static Optional<Rule> byId(String id) {
    return Arrays.stream(values()).filter(rule -> rule.id.equals(id)).findFirst();
  }

  /** The rule about losses of that kind. */
  static Rule of(Loss.Kind kind) {
    return switch (kind) {
      case REFUSED -> D1_REFUSES;
      case FAILS_ON_ROWS -> FAILS_ON_ROWS;
      case NOT_NULL_WITHOUT_DEFAULT -> NOT_NULL;
      case MAY_FAIL_ON_ROWS -> MAY_FAIL;
      case UNIQUE_ON_ROWS -> UNIQUE;
      case TABLE_DROPPED -> DROP_TABLE;
      case TABLE_RENAMED, COLUMN_RENAMED -> RENAME;
      case COLUMN_LOST -> DROP_COLUMN;
      case TYPE_CHANGED -> TYPE;
      case NOT_NULL_ADDED -> NOT_NULL_ADDED;
      case WRITES_REFUSED -> WRITES_REFUSED;
      case ROWS_CASCADED -> ROWS_CASCADED;
      case ROWS_DELETED -> ROWS_DELETED;
      case ROWS_REPLACED -> ROWS_REPLACED;
      case ROWS_NOT_COPIED -> ROWS_NOT_COPIED;
      case VALUES_OVERWRITTEN -> VALUES_OVERWRITTEN;
      case REFERENCES_CLEARED -> REFERENCES_CLEARED;
      case VALUES_BY_TRIGGER -> VALUES_BY_TRIGGER;
      case UNTRIED_WRITE -> UNTRIED;
      case CONSTRAINT_LOST -> CONSTRAINT_LOST;
      case CONSTRAINT_CHANGED -> CONSTRAINT_CHANGED;
      case DEFAULT_LOST -> DEFAULT_LOST;
      case INDEX_LOST -> INDEX_LOST;
      case INDEX_DROPPED -> INDEX_DROPPED;
      case TRIGGER_LOST -> TRIGGER_LOST;
      case VIEW_LOST -> VIEW_LOST;
    };
  }
}
