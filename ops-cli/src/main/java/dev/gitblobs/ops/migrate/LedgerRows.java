package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.gitblobs.ops.json.Json;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import dev.gitblobs.ops.migrate.file.Migration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements that write the ledger and its side table. Many rows are one JSON parameter. */
final class LedgerRows {
  private LedgerRows() {}

  /** Records migrations as applied, in this order. */
  static List<Statement> applied(
      SqlDatabase database, List<Migration> migrations, Author author, @Nullable String bookmark) {
    List<String> names = migrations.stream().map(Migration::name).toList();
    List<Statement> statements = new ArrayList<>();
    statements.add(
        new Statement(
            "INSERT INTO "
                + Ledger.name(database)
                + " (name) SELECT value FROM json_each(?) ORDER BY key",
            List.of(json(names))));
    statements.add(
        details(
            migrations,
            author,
            bookmark,
            // Details without a ledger row are left from a ledger that somebody changed by hand.
            "started_at = excluded.started_at, duration_ms = NULL,"
                + " bookmark_before = excluded.bookmark_before, git_sha = excluded.git_sha,"
                + " actor = excluded.actor, tool = excluded.tool,"));
    return statements;
  }

  /** Records checksums as they are now; who applied what is told only where that is not known. */
  static Statement checksums(List<Migration> migrations, Author author) {
    return details(migrations, author, null, "");
  }

  private static Statement details(
      List<Migration> migrations, Author author, @Nullable String bookmark, String overwritten) {
    List<Map<String, Object>> rows =
        migrations.stream()
            .map(
                migration ->
                    Map.<String, Object>of(
                        "name",
                        migration.name(),
                        "sha256",
                        migration.sha256(),
                        "statements",
                        migration.statements().size()))
            .toList();
    return new Statement(
        "INSERT INTO _ops_migrations (name, sha256, statements, started_at,"
            + " bookmark_before, git_sha, actor, tool)"
            + " SELECT value ->> 'name', value ->> 'sha256', value ->> 'statements',"
            + " CAST(unixepoch('subsec') * 1000 AS INTEGER), ?, ?, ?, ? FROM json_each(?)"
            + " WHERE true ON CONFLICT (name) DO UPDATE SET "
            + overwritten
            + " sha256 = excluded.sha256, statements = excluded.statements",
        Arrays.asList(bookmark, author.gitSha(), author.actor(), author.tool(), json(rows)));
  }

  /** Adds how long the call took that applied them, in milliseconds. */
  static Statement took(List<Migration> migrations, long millis) {
    return new Statement(
        "UPDATE _ops_migrations SET duration_ms = ?"
            + " WHERE name IN (SELECT value FROM json_each(?))",
        List.of(millis, json(migrations.stream().map(Migration::name).toList())));
  }

  /** Removes what the side table keeps of migrations that the ledger does not have. */
  static Statement removeOrphans(SqlDatabase database) {
    return new Statement(
        "DELETE FROM _ops_migrations WHERE name NOT IN (SELECT name FROM "
            + Ledger.name(database)
            + ") RETURNING name");
  }

  private static String json(Object value) {
    try {
      return Json.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
