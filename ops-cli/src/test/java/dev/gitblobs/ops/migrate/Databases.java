package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import dev.gitblobs.ops.migrate.file.Migration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the tests of this room ask databases and files for. */
final class Databases {
  static final Author AUTHOR = new Author("tester", "0123abc", "relayctl test");

  /** Refuses at once to wait for another run. */
  static final Migrator.Options NO_PATIENCE = new Migrator.Options(null, false, Duration.ZERO);

  private Databases() {}

  static Migrator migrator(SqlDatabase database) {
    return new Migrator(database, AUTHOR, new Migrator.Watcher() {});
  }

  static Migration file(int number, String sql) {
    return Migration.of(Path.of(String.format("%04d_x.sql", number)), sql);
  }

  static List<Migration> tables(int count) {
    List<Migration> files = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      files.add(
          file(i, "CREATE TABLE t" + i + " (a TEXT);\nCREATE INDEX i" + i + " ON t" + i + " (a);"));
    }
    return files;
  }

  static List<String> texts(SqlDatabase database, String sql) {
    return database.batch(List.of(new Statement(sql))).get(0).stream()
        .map(row -> row.elements().next())
        .map(JsonNode::asText)
        .toList();
  }

  static List<String> tablesOf(SqlDatabase database) {
    return texts(
        database, "SELECT name FROM sqlite_schema WHERE name LIKE 't_' AND type = 'table'");
  }
}
