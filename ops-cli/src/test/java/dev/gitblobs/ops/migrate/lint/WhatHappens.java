package dev.gitblobs.ops.migrate.lint;

import dev.gitblobs.ops.migrate.sql.SqlStatement;
import dev.gitblobs.ops.migrate.sql.SqlStatements;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a migration really does to a database with rows: nothing of the lint is asked. */
final class WhatHappens {
  private static final String OBJECTS =
      "SELECT type || ' ' || name AS it FROM sqlite_schema WHERE type IN ('table', 'view',"
          + " 'trigger', 'index') AND sql IS NOT NULL AND substr(name, 1, 4) <> '_cf_'";
  private static final String COLUMNS =
      "SELECT 'column ' || m.name || '.' || x.name || x.type || x.\"notnull\" ||"
          + " coalesce(x.dflt_value, '') AS it FROM sqlite_schema AS m,"
          + " pragma_table_xinfo(m.name) AS x WHERE m.type = 'table'"
          + " AND substr(m.name, 1, 4) <> '_cf_'";
  private static final String KEYS =
      "SELECT 'key ' || m.name || f.\"from\" || f.\"table\" AS it FROM sqlite_schema AS m,"
          + " pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'"
          + " AND substr(m.name, 1, 4) <> '_cf_'";
  private static final String TABLES =
      "SELECT name AS it FROM sqlite_schema WHERE type = 'table' AND name GLOB 't[0-9]'";

  private WhatHappens() {}

  /** How it ended. */
  enum Effect {
    REFUSED,
    HARMLESS,
    LOSS
  }

  /** A database that nothing else uses. */
  interface Place {
    /**
     * Runs statements in one transaction.
     *
     * @return the rows of each, by column; what is NULL is left out
     * @throws SQLException when it refuses one; then nothing was changed
     */
    List<List<Map<String, String>>> batch(List<String> statements) throws SQLException;
  }

  /** On an SQLite in memory. */
  static Effect of(List<String> schema, List<String> rows, String migration) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys = on");
      return of(statements -> batch(statement, statements), schema, rows, migration);
    }
  }

  /** On that database, which is empty. */
  static Effect of(Place place, List<String> schema, List<String> rows, String migration)
      throws SQLException {
    List<String> all = new ArrayList<>(schema);
    all.addAll(rows);
    place.batch(all);
    Set<String> objects = objects(place);
    Map<String, Map<String, Map<String, String>>> before = tables(place);
    try {
      place.batch(SqlStatements.split(migration).stream().map(SqlStatement::text).toList());
    } catch (SQLException e) {
      return Effect.REFUSED;
    }
    objects.removeAll(objects(place));
    // An index that is dropped by name only costs time; one that is forgotten is lost.
    objects.removeIf(one -> one.startsWith("index") && migration.contains("DROP INDEX"));
    return objects.isEmpty() && isKept(before, tables(place)) ? Effect.HARMLESS : Effect.LOSS;
  }

  private static List<List<Map<String, String>>> batch(Statement statement, List<String> sql)
      throws SQLException {
    List<List<Map<String, String>>> all = new ArrayList<>();
    statement.execute("BEGIN");
    for (String one : sql) {
      List<Map<String, String>> rows = new ArrayList<>();
      if (statement.execute(one)) {
        try (ResultSet results = statement.getResultSet()) {
          while (results.next()) {
            Map<String, String> row = new HashMap<>();
            for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
              if (results.getString(i) != null) {
                row.put(results.getMetaData().getColumnName(i), results.getString(i));
              }
            }
            rows.add(row);
          }
        }
      }
      all.add(rows);
    }
    statement.execute("COMMIT");
    return all;
  }

  private static boolean isKept(
      Map<String, Map<String, Map<String, String>>> before,
      Map<String, Map<String, Map<String, String>>> after) {
    for (Map.Entry<String, Map<String, Map<String, String>>> table : before.entrySet()) {
      Map<String, Map<String, String>> now = after.getOrDefault(table.getKey(), Map.of());
      for (Map.Entry<String, Map<String, String>> row : table.getValue().entrySet()) {
        Map<String, String> there = now.get(row.getKey());
        if (there == null || !there.entrySet().containsAll(row.getValue().entrySet())) {
          return false;
        }
      }
    }
    return true;
  }

  /** Rows of each table by their key. */
  private static Map<String, Map<String, Map<String, String>>> tables(Place place)
      throws SQLException {
    List<String> names = new ArrayList<>();
    place.batch(List.of(TABLES)).get(0).forEach(row -> names.add(row.get("it")));
    Map<String, Map<String, Map<String, String>>> all = new HashMap<>();
    List<List<Map<String, String>>> found =
        names.isEmpty()
            ? List.of()
            : place.batch(names.stream().map(name -> "SELECT * FROM " + name).toList());
    for (int i = 0; i < names.size(); i++) {
      Map<String, Map<String, String>> rows = new HashMap<>();
      found.get(i).forEach(row -> rows.put(String.valueOf(row.get("id")), row));
      all.put(names.get(i), rows);
    }
    return all;
  }

  /** Tables, columns, keys, views, triggers and indexes. */
  private static Set<String> objects(Place place) throws SQLException {
    Set<String> all = new TreeSet<>();
    place
        .batch(List.of(OBJECTS, COLUMNS, KEYS))
        .forEach(rows -> rows.forEach(row -> all.add(row.get("it"))));
    return all;
  }
}
