package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The record of applied migrations in the database itself: wrangler's table, so that either tool
 * may run, and a side table with what wrangler does not keep.
 */
final class Ledger {
  /** As wrangler makes it: it must find its own columns. */
  private static final String LEDGER =
      "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT,"
          + " name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)";

  private static final String SIDE_TABLE =
      "CREATE TABLE IF NOT EXISTS _ops_migrations (name TEXT PRIMARY KEY NOT NULL,"
          + " sha256 TEXT NOT NULL, statements INTEGER NOT NULL, started_at INTEGER NOT NULL,"
          + " duration_ms INTEGER, bookmark_before TEXT, git_sha TEXT, actor TEXT NOT NULL,"
          + " tool TEXT NOT NULL)";

  /** Reads all of it. */
  static final Statement ENTRIES =
      new Statement(
          "SELECT m.id, m.name, m.applied_at, o.sha256, o.duration_ms, o.bookmark_before,"
              + " o.git_sha, o.actor, o.tool FROM d1_migrations m"
              + " LEFT JOIN _ops_migrations o ON o.name = m.name ORDER BY m.id");

  private static final Statement BARE_ENTRIES =
      new Statement("SELECT id, name, applied_at FROM d1_migrations ORDER BY id");
  private static final Statement TABLES =
      new Statement("SELECT name FROM sqlite_schema WHERE type = 'table'");

  private Ledger() {}

  /** Reads it without making anything, so that looking never writes. */
  static List<LedgerEntry> look(SqlDatabase database) {
    Set<String> tables = new HashSet<>();
    rows(database, TABLES).forEach(row -> tables.add(row.path("name").asText()));
    if (!tables.contains("d1_migrations")) {
      return List.of();
    }
    return entries(rows(database, tables.contains("_ops_migrations") ? ENTRIES : BARE_ENTRIES));
  }

  /** Reads it, its tables made before where they are missing. */
  static List<LedgerEntry> open(SqlDatabase database) {
    return readAfter(
        database,
        List.of(new Statement(LEDGER), new Statement(SIDE_TABLE), new Statement(RunLock.TABLE)));
  }

  /** Runs these statements and reads it, all in one transaction. */
  static List<LedgerEntry> readAfter(SqlDatabase database, List<Statement> first) {
    List<Statement> all = new ArrayList<>(first);
    all.add(ENTRIES);
    List<List<JsonNode>> rows = database.batch(all);
    return entries(rows.get(rows.size() - 1));
  }

  /** What tells whether anybody wrote it since: how many rows, and the last one's id. */
  static String tail(List<LedgerEntry> entries) {
    long last = entries.stream().mapToLong(LedgerEntry::id).max().orElse(0);
    return entries.size() + ":" + last;
  }

  private static List<JsonNode> rows(SqlDatabase database, Statement statement) {
    return database.batch(List.of(statement)).get(0);
  }

  /** The rows of {@link #ENTRIES}. */
  static List<LedgerEntry> entries(List<JsonNode> rows) {
    return rows.stream().map(LedgerEntry::of).toList();
  }
}
