package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The record of applied migrations in the database itself: wrangler's table, so that either tool
 * may run, and a side table with what wrangler does not keep.
 */
final class Ledger {
  /** What wrangler calls it unless it is told otherwise. */
  static final String DEFAULT_NAME = "d1_migrations";

  private static final String SIDE_TABLE =
      "CREATE TABLE IF NOT EXISTS _ops_migrations (name TEXT PRIMARY KEY NOT NULL,"
          + " sha256 TEXT NOT NULL, statements INTEGER NOT NULL, started_at INTEGER NOT NULL,"
          + " duration_ms INTEGER, bookmark_before TEXT, git_sha TEXT, actor TEXT NOT NULL,"
          + " tool TEXT NOT NULL)";

  private static final Statement TABLES =
      new Statement("SELECT name FROM sqlite_schema WHERE type = 'table'");

  private Ledger() {}

  /** The table's name as SQL writes it. */
  static String name(SqlDatabase database) {
    return quoted(database.ledger());
  }

  /** A name as SQL writes it. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Reads all of it. */
  static Statement entries(SqlDatabase database) {
    return new Statement(
        "SELECT m.id, m.name, m.applied_at, o.sha256, o.duration_ms, o.bookmark_before,"
            + " o.started_at, o.git_sha, o.actor, o.tool FROM "
            + name(database)
            + " m LEFT JOIN _ops_migrations o ON o.name = m.name ORDER BY m.id");
  }

  /** Reads what there is of it, by the names of the tables there are, in lower case. */
  static Statement entries(SqlDatabase database, Set<String> tables) {
    return tables.contains("_ops_migrations")
        ? entries(database)
        : new Statement("SELECT id, name, applied_at FROM " + name(database) + " ORDER BY id");
  }

  /** Reads it without making anything, so that looking never writes. */
  static List<LedgerEntry> look(SqlDatabase database) {
    Set<String> tables = new HashSet<>();
    rows(database, TABLES)
        .forEach(row -> tables.add(row.path("name").asText().toLowerCase(Locale.ROOT)));
    if (!tables.contains(database.ledger().toLowerCase(Locale.ROOT))) {
      return List.of();
    }
    return entriesOf(rows(database, entries(database, tables)));
  }

  /** Makes its tables where they are missing, and the lock's. */
  static List<Statement> tables(SqlDatabase database) {
    // As wrangler makes it: it must find its own columns.
    String ledger =
        "CREATE TABLE IF NOT EXISTS "
            + name(database)
            + " (id INTEGER PRIMARY KEY AUTOINCREMENT,"
            + " name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)";
    return List.of(new Statement(ledger), new Statement(SIDE_TABLE), new Statement(RunLock.TABLE));
  }

  /** Reads it, its tables made before where they are missing. */
  static List<LedgerEntry> open(SqlDatabase database) {
    return readAfter(database, tables(database));
  }

  /** Runs these statements and reads it, all in one transaction. */
  static List<LedgerEntry> readAfter(SqlDatabase database, List<Statement> first) {
    List<Statement> all = new ArrayList<>(first);
    all.add(entries(database));
    List<List<JsonNode>> rows = database.batch(all);
    return entriesOf(rows.get(rows.size() - 1));
  }

  /** What tells whether anybody wrote it since: how many rows, and the last one's id. */
  static String tail(List<LedgerEntry> entries) {
    long last = entries.stream().mapToLong(LedgerEntry::id).max().orElse(0);
    return entries.size() + ":" + last;
  }

  private static List<JsonNode> rows(SqlDatabase database, Statement statement) {
    return database.batch(List.of(statement)).get(0);
  }

  /** The rows of {@link #entries}. */
  static List<LedgerEntry> entriesOf(List<JsonNode> rows) {
    return rows.stream().map(LedgerEntry::of).toList();
  }
}
