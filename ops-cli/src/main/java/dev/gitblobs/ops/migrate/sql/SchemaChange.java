package dev.gitblobs.ops.migrate.sql;

/** What a statement does to the schema, as far as anybody here acts on it. */
public sealed interface SchemaChange {
  /** {@code CREATE TABLE}; {@code IF NOT EXISTS} may well find one that is there. */
  record CreateTable(String table, boolean isNew) implements SchemaChange {}

  /** {@code DROP TABLE}. */
  record DropTable(String table) implements SchemaChange {}

  /** {@code ALTER TABLE .. RENAME TO}. */
  record RenameTable(String table, String to) implements SchemaChange {}

  /** {@code ALTER TABLE .. RENAME COLUMN}. */
  record RenameColumn(String table, String column, String to) implements SchemaChange {}

  /** {@code ALTER TABLE .. ADD COLUMN}. */
  record AddColumn(String table, String column, boolean isNotNull, boolean hasDefault)
      implements SchemaChange {}

  /** {@code ALTER TABLE .. DROP COLUMN}. */
  record DropColumn(String table, String column) implements SchemaChange {}

  /** {@code CREATE UNIQUE INDEX}. */
  record CreateUniqueIndex(String index, String table) implements SchemaChange {}

  /** {@code CREATE TRIGGER}. */
  record CreateTrigger() implements SchemaChange {}

  /** {@code DROP INDEX}, {@code DROP VIEW} or {@code DROP TRIGGER}; the kind in upper case. */
  record DropObject(String kind, String name) implements SchemaChange {}

  /** Any other definition: an index or a view. */
  record OtherDefinition() implements SchemaChange {}

  /** {@code PRAGMA}. */
  record Pragma(String name) implements SchemaChange {}

  /** {@code INSERT .. VALUES}: writes only the rows it spells out. */
  record InsertValues() implements SchemaChange {}

  /** A keyword that ends or begins a transaction. */
  record Transaction(String keyword) implements SchemaChange {}

  /** A keyword that D1 never runs: ATTACH, DETACH, VACUUM. */
  record Forbidden(String keyword) implements SchemaChange {}

  /** Anything else, such as UPDATE: how long it takes depends on the rows there are. */
  record Other() implements SchemaChange {}
}
