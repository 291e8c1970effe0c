package dev.gitblobs.ops.migrate.trial;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a write that changed no value of the sample would change others. The sample may hold what
 * is written already, as when a CHECK allows two words only; so other values are put into its rows,
 * one column and one value after the other, and the write is tried on those. Nothing of it stays.
 */
final class OtherValues {
  /** More tell no more: the literals of the table's own CHECKs come first. */
  private static final int MAX_VALUES = 30;

  private final TrialDatabase database;
  private final TableShape table;
  private final String name;

  /**
   * On that table.
   *
   * @param table what it is made of
   * @param name what it is called now
   */
  OtherValues(TrialDatabase database, TableShape table, String name) {
    this.database = database;
    this.table = table;
    this.name = TrialDatabase.quoted(name);
  }

  /** One value that a write overwrites. */
  record Overwritten(String column, Object value) {}

  /**
   * The first value, of those that these columns may hold, that the write turns into another; none
   * when the sample itself shows what is overwritten, or when no row of it is met.
   *
   * @param columns groups of columns that hold other values at the same time, lower case
   */
  Optional<Overwritten> find(String write, List<List<String>> columns) throws SQLException {
    List<List<@Nullable Object>> keys = database.rows("SELECT " + key() + " FROM " + name);
    if (keys.isEmpty() || columns.isEmpty() || !isMetAndKept(write, columns, keys)) {
      return Optional.empty();
    }
    for (List<String> group : columns) {
      Map<String, List<Object>> values = new LinkedHashMap<>();
      int most = 0;
      for (String column : group) {
        List<Object> own = valuesOf(column);
        if (!own.isEmpty()) {
          values.put(column, own);
          most = Math.max(most, own.size());
        }
      }
      for (int first = 0; first < Math.min(most, MAX_VALUES); first++) {
        Optional<Overwritten> changed = tryOut(write, values, keys, first);
        if (changed.isPresent()) {
          return changed;
        }
      }
    }
    return Optional.empty();
  }

  /** Whether the write meets rows of the sample and turns no value of theirs into another. */
  private boolean isMetAndKept(
      String write, List<List<String>> columns, List<List<@Nullable Object>> keys)
      throws SQLException {
    Map<String, List<Object>> none = new LinkedHashMap<>();
    columns.forEach(group -> group.forEach(column -> none.put(column, List.of())));
    database.run("SAVEPOINT sample");
    try {
      List<List<@Nullable Object>> before = values(none, keys);
      int written = database.run(write);
      int now = database.rows("SELECT 1 FROM " + name).size();
      return written > now - keys.size() && overwritten(none, before, values(none, keys)).isEmpty();
    } catch (SQLException e) {
      return false; // the try itself tells
    } finally {
      database.run("ROLLBACK TO sample");
      database.run("RELEASE sample");
    }
  }

  private Optional<Overwritten> tryOut(
      String write, Map<String, List<Object>> values, List<List<@Nullable Object>> keys, int first)
      throws SQLException {
    database.run("SAVEPOINT other_values");
    try {
      for (int i = 0; i < keys.size(); i++) {
        for (Map.Entry<String, List<Object>> one : values.entrySet()) {
          Object value = one.getValue().get((first + i) % one.getValue().size());
          put(one.getKey(), value, keys.get(i));
        }
      }
      List<List<@Nullable Object>> before = values(values, keys);
      database.run(write);
      return overwritten(values, before, values(values, keys));
    } catch (SQLException e) {
      return Optional.empty(); // the write fails on such rows: nothing is overwritten
    } finally {
      database.run("ROLLBACK TO other_values");
      database.run("RELEASE other_values");
    }
  }

  private static Optional<Overwritten> overwritten(
      Map<String, List<Object>> columns,
      List<List<@Nullable Object>> before,
      List<List<@Nullable Object>> after) {
    List<String> names = List.copyOf(columns.keySet());
    for (int row = 0; row < before.size(); row++) {
      for (int i = 0; i < names.size(); i++) {
        Object value = before.get(row).get(i);
        if (value != null && !RowMatcher.same(value, after.get(row).get(i))) {
          return Optional.of(new Overwritten(names.get(i), value));
        }
      }
    }
    return Optional.empty();
  }

  private void put(String column, Object value, List<@Nullable Object> key) {
    List<@Nullable Object> all = new ArrayList<>();
    all.add(value);
    all.addAll(key);
    try {
      database.run(
          "UPDATE OR IGNORE " + name + " SET " + TrialDatabase.quoted(column) + " = ?" + where(),
          all.toArray());
    } catch (SQLException e) {
      // The table does not take it: the row keeps what it has.
    }
  }

  /** What these columns hold, row by row. */
  private List<List<@Nullable Object>> values(
      Map<String, List<Object>> columns, List<List<@Nullable Object>> keys) throws SQLException {
    String read =
        "SELECT "
            + String.join(", ", columns.keySet().stream().map(TrialDatabase::quoted).toList())
            + " FROM "
            + name
            + where();
    List<List<@Nullable Object>> found = new ArrayList<>();
    for (List<@Nullable Object> key : keys) {
      List<List<@Nullable Object>> rows = database.rows(read, key.toArray());
      List<@Nullable Object> gone = new ArrayList<>(Collections.nCopies(columns.size(), null));
      found.add(rows.isEmpty() ? gone : rows.get(0));
    }
    return found;
  }

  private List<Object> valuesOf(String column) throws SQLException {
    for (ForeignKey reference : table.foreignKeys()) {
      int at = reference.from().indexOf(column);
      if (at >= 0 && at < reference.to().size()) {
        return those(
            "SELECT "
                + TrialDatabase.quoted(reference.to().get(at))
                + " FROM "
                + TrialDatabase.quoted(reference.parent())
                + " LIMIT "
                + MAX_VALUES);
      }
      if (at >= 0) {
        return those("SELECT rowid FROM " + TrialDatabase.quoted(reference.parent()));
      }
    }
    ColumnShape shape = table.column(column).orElseThrow();
    return SeedValues.candidates(table).stream()
        .filter(
            value ->
                switch (shape.affinity()) {
                  case TEXT -> value instanceof String;
                  case BLOB -> true;
                  default -> !(value instanceof String);
                })
        .toList();
  }

  private List<Object> those(String sql) {
    List<Object> all = new ArrayList<>();
    try {
      for (List<@Nullable Object> row : database.rows(sql)) {
        Object value = row.get(0);
        if (value != null) {
          all.add(value);
        }
      }
    } catch (SQLException e) {
      // The parent went, or has no rowid: there is nothing else that it could refer to.
    }
    return all;
  }

  /** What rows are told apart by. */
  private List<String> keyColumns() {
    boolean hasRowid = !table.sql().toUpperCase(java.util.Locale.ROOT).contains("WITHOUT ROWID");
    return hasRowid ? List.of("_rowid_") : table.primaryKey();
  }

  private String key() {
    return String.join(", ", keyColumns().stream().map(TrialDatabase::quoted).toList());
  }

  private String where() {
    return " WHERE "
        + String.join(
            " AND ", keyColumns().stream().map(one -> TrialDatabase.quoted(one) + " = ?").toList());
  }
}
