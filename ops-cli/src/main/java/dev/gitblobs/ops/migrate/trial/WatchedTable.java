package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.sql.DataChange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table with rows whose fate is followed from statement to statement. */
final class WatchedTable {
  /** More tell no more. */
  private static final int MAX_ROWS = 2_000;

  private final TableShape shape;
  private final List<String> key;
  private final List<Map<String, @Nullable Object>> rows;

  /** By row: at which step it was first missed; -1 while it is there. */
  private final int[] goneAt;

  /** By column: at which step a value of it was first another one. */
  private final Map<String, Integer> changedAt = new LinkedHashMap<>();

  /** By column: in how many rows a value was changed, and in how many of them into NULL. */
  private final Map<String, int[]> changed = new LinkedHashMap<>();

  /** What it is called now. */
  private String name;

  /** Its columns by what they were called at first. */
  private final Map<String, String> renamed = new HashMap<>();

  private @Nullable List<Map<String, @Nullable Object>> seen;

  WatchedTable(TrialDatabase database, TableShape shape) throws SQLException {
    this.shape = shape;
    this.key = shape.primaryKey();
    this.name = shape.name();
    this.rows = read(database, shape.name());
    this.goneAt = new int[rows.size()];
    java.util.Arrays.fill(goneAt, -1);
    this.seen = rows;
  }

  /** The table as it was. */
  TableShape shape() {
    return shape;
  }

  /** Its name as it was, lower case. */
  String key() {
    return shape.name().toLowerCase(Locale.ROOT);
  }

  /** What it is called now, lower case. */
  String name() {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Its rows as they were. */
  List<Map<String, @Nullable Object>> rows() {
    return rows;
  }

  int rowCount() {
    return rows.size();
  }

  void renameTo(String other) {
    name = other;
  }

  void renameColumn(String from, String to) {
    String first = from;
    for (Map.Entry<String, String> one : renamed.entrySet()) {
      first = one.getValue().equals(from) ? one.getKey() : first;
    }
    renamed.put(first, to);
  }

  /** What a column of it is called now, lower case. */
  String nowCalled(String column) {
    return renamed.getOrDefault(column, column);
  }

  /**
   * Columns with values from before that a write may overwrite, in lower case; not those that are
   * changed already, since the write may put back what was there.
   */
  List<String> oldColumns(DataChange change) {
    return shape.writable().stream()
        .map(ColumnShape::key)
        .filter(column -> !renamed.containsKey(column) && !changed.containsKey(column))
        .filter(
            column ->
                change.verb() == DataChange.Verb.UPSERT
                    ? !key.contains(column)
                    : change.columns().contains(column) && !key.contains(column))
        .toList();
  }

  /** Compares it with what is there after a step. */
  void observe(TrialDatabase database, Map<String, String> tablesThere, int step, boolean isUpdate)
      throws SQLException {
    // A new table that took its name is what its users see.
    String there = tablesThere.getOrDefault(key(), tablesThere.get(name()));
    List<Map<String, @Nullable Object>> now = there == null ? List.of() : read(database, there);
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    compare(inOldNames(now), step, isUpdate);
  }

  private void compare(List<Map<String, @Nullable Object>> now, int step, boolean isUpdate) {
    int[] found = RowMatcher.match(rows, now, key, isUpdate && now.size() >= rows.size());
    changed.clear();
    for (int i = 0; i < found.length; i++) {
      if (found[i] < 0) {
        goneAt[i] = goneAt[i] < 0 ? step : goneAt[i];
        continue;
      }
      goneAt[i] = -1;
      compareCells(rows.get(i), now.get(found[i]), step);
    }
  }

  private void compareCells(
      Map<String, @Nullable Object> before, Map<String, @Nullable Object> after, int step) {
    before.forEach(
        (column, value) -> {
          if (value == null || !after.containsKey(column)) {
            return; // nothing was in it, or the column is gone, which is told as such
          }
          if (!RowMatcher.same(value, after.get(column))) {
            changedAt.putIfAbsent(column, step);
            int[] counts = changed.computeIfAbsent(column, c -> new int[2]);
            counts[0]++;
            counts[1] += after.get(column) == null ? 1 : 0;
          }
        });
  }

  private List<Map<String, @Nullable Object>> inOldNames(List<Map<String, @Nullable Object>> now) {
    if (renamed.isEmpty()) {
      return now;
    }
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    for (Map<String, @Nullable Object> row : now) {
      Map<String, @Nullable Object> old = new LinkedHashMap<>(row);
      renamed.forEach(
          (from, to) -> {
            if (row.containsKey(to) && !row.containsKey(from)) {
              old.put(from, row.get(to));
            }
          });
      all.add(old);
    }
    return all;
  }

  /** By step: how many rows went then and did not come back. */
  Map<Integer, Integer> lostBySteps() {
    Map<Integer, Integer> lost = new LinkedHashMap<>();
    for (int step : goneAt) {
      if (step >= 0) {
        lost.merge(step, 1, Integer::sum);
      }
    }
    return lost;
  }

  /** By column: at which step values were changed first, in how many rows, how many into NULL. */
  Map<String, int[]> changes() {
    Map<String, int[]> all = new LinkedHashMap<>();
    changed.forEach(
        (column, counts) ->
            all.put(column, new int[] {changedAt.getOrDefault(column, 0), counts[0], counts[1]}));
    return all;
  }

  private static List<Map<String, @Nullable Object>> read(TrialDatabase database, String table)
      throws SQLException {
    return database.records("SELECT * FROM " + TrialDatabase.quoted(table) + " LIMIT " + MAX_ROWS);
  }
}
