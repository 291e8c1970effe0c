package dev.gitblobs.ops.migrate.lint;

import java.util.Arrays;
import java.util.Optional;

/** What the lint looks for. Ids are stable: files name them to allow an exception. */
public enum Rule {
  DROP_TABLE("drop-table", Kind.RISKY, "The running version may still use the table."),
  DROP_COLUMN("drop-column", Kind.RISKY, "The running version may still use the column."),
  RENAME("rename", Kind.RISKY, "The running version knows the old name only."),
  NOT_NULL(
      "not-null-without-default",
      Kind.RISKY,
      "SQLite refuses it on a table with rows, and the running version does not fill it."),
  UNIQUE("unique-on-filled-table", Kind.RISKY, "It fails when rows that are there collide."),
  REBUILD(
      "rebuild-without-defer",
      Kind.RISKY,
      "Dropping the old table deletes or breaks rows that refer to it;"
          + " put PRAGMA defer_foreign_keys = on first."),
  TRANSACTION(
      "transaction", Kind.REFUSED, "D1 refuses it: each migration is a transaction already."),
  FORBIDDEN("attach-or-vacuum", Kind.REFUSED, "D1 refuses it."),
  FOREIGN_KEYS(
      "foreign-keys-pragma",
      Kind.REFUSED,
      "It has no effect inside a transaction; use PRAGMA defer_foreign_keys = on."),
  TOO_LONG("statement-too-long", Kind.REFUSED, "D1 takes statements up to 100,000 bytes."),
  UNCLOSED(
      "unclosed-text", Kind.REFUSED, "A string, quoted name or comment in it is never closed."),
  DOWN_FILE(
      "down-file",
      Kind.REFUSED,
      "wrangler would apply it as the next migration; go back with relayctl migrate restore."),
  DUPLICATE_NUMBER(
      "duplicate-number", Kind.RISKY, "Two files of one number run in the order of their names."),
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
    /** It can hurt a running relay: an error unless the file allows it with a reason. */
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

  /** Why it is a rule and what to do, in one sentence. */
  public String why() {
    return why;
  }

  static Optional<Rule> byId(String id) {
    return Arrays.stream(values()).filter(rule -> rule.id.equals(id)).findFirst();
  }
}
