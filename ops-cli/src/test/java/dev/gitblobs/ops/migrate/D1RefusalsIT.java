package dev.gitblobs.ops.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.ops.migrate.SqlDatabase.Refusal;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import dev.gitblobs.ops.migrate.sql.D1Refusals;
import dev.gitblobs.ops.migrate.sql.SqlStatements;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the lint says that D1 refuses, asked of D1 itself. */
final class D1RefusalsIT {
  private static final List<String> STATEMENTS =
      List.of(
          "PRAGMA user_version = 3",
          "PRAGMA journal_mode = WAL",
          "PRAGMA writable_schema = ON",
          "PRAGMA integrity_check",
          "PRAGMA table_info",
          "PRAGMA table_info(t)",
          "PRAGMA main.table_info('t')",
          "PRAGMA foreign_keys = ON",
          "PRAGMA foreign_keys(t)",
          "PRAGMA defer_foreign_keys = 1",
          "PRAGMA foreign_key_check",
          "PRAGMA optimize",
          "PRAGMA quick_check",
          "PRAGMA data_version",
          "CREATE TEMP TABLE x (a)",
          "CREATE TABLE temp.x (a)",
          "CREATE TABLE _cf_x (a)",
          "CREATE INDEX _CF_i ON t (a)",
          "ALTER TABLE t RENAME TO _cf_t",
          "CREATE TABLE cf_x (_cf_a)",
          "CREATE VIRTUAL TABLE v5 USING fts5(a)",
          "CREATE VIRTUAL TABLE vr USING rtree(id, a, b)",
          "CREATE VIRTUAL TABLE v4 USING fts4(a)",
          "CREATE VIRTUAL TABLE vd USING dbstat",
          "SELECT load_extension('x')",
          "SELECT sqlite_version()",
          "SELECT reverse('x')",
          "SELECT unixepoch(), json_object('a', 1), concat('a', 'b')",
          "ANALYZE",
          "REINDEX",
          "EXPLAIN SELECT 1",
          "FETCH x");

  @Test
  void isWhatTheRealOneRefuses() {
    LocalCloudflare cloudflare = LocalCloudflare.shared();
    SqlDatabase database = D1Place.open(cloudflare, D1Place.create(cloudflare, "refusals"));
    database.batch(List.of(new Statement("CREATE TABLE t (a)")));
    for (String sql : STATEMENTS) {
      boolean isRefused = D1Refusals.of(SqlStatements.split(sql).get(0)).isPresent();
      assertThat(isRefused).as(sql).isEqualTo(refuses(database, sql));
    }
  }

  private static boolean refuses(SqlDatabase database, String sql) {
    try {
      database.batch(List.of(new Statement(sql)));
      return false;
    } catch (Refusal e) {
      return true;
    }
  }
}
