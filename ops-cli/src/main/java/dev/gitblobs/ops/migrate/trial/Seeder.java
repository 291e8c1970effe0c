package dev.gitblobs.ops.migrate.trial;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fills tables with rows that satisfy their constraints: parents before children, a child for each
 * parent. Triggers do not run meanwhile.
 */
final class Seeder {
  private static final int TRIES = 600;

  /**
   * Which rows to make.
   *
   * @param first the number of the first row: small ones are what files write themselves
   * @param rows how many per table
   * @param hasNulls whether the last row has NULL wherever that is allowed
   * @param isNumeric whether texts look like numbers
   * @param hints values to use where they fit
   */
  record Sample(int first, int rows, boolean hasNulls, boolean isNumeric, Hints hints) {}

  private final TrialDatabase database;
  private final Shape shape;
  private final Sample sample;
  private final Map<String, List<Map<String, @Nullable Object>>> made = new HashMap<>();
  private final Set<String> unchecked = new HashSet<>();

  /** Tables that get rows. */
  private Collection<String> filled = Set.of();

  /** References whose parent had no rows yet. */
  private final Set<ForeignKey> guessed = new HashSet<>();

  Seeder(TrialDatabase database, Shape shape, Sample sample) {
    this.database = database;
    this.shape = shape;
    this.sample = sample;
  }

  /**
   * Fills these tables.
   *
   * @return those whose rows break a CHECK, since none was found that does not
   */
  Set<String> fill(Collection<String> tables) {
    filled = tables;
    try {
      database.run("PRAGMA foreign_keys = off");
      database.run("BEGIN");
      for (Shape.Trigger trigger : shape.triggers().values()) {
        database.run("DROP TRIGGER " + TrialDatabase.quoted(trigger.name()));
      }
      for (String table : shape.parentsFirst()) {
        if (tables.contains(table)) {
          fill(shape.tables().get(table));
        }
      }
      mendReferences();
      for (Shape.Trigger trigger : shape.triggers().values()) {
        database.run(trigger.sql());
      }
      database.run("COMMIT");
      database.run("PRAGMA foreign_keys = on");
      return unchecked;
    } catch (SQLException e) {
      throw new IllegalStateException("sample rows could not be made", e);
    }
  }

  private void fill(@Nullable TableShape table) throws SQLException {
    if (table == null || table.isVirtual() || table.writable().isEmpty()) {
      return;
    }
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    made.put(table.name().toLowerCase(Locale.ROOT), rows);
    Map<String, @Nullable Object> solved = new HashMap<>();
    for (int row = 0; row < sample.rows(); row++) {
      boolean isNulls = sample.hasNulls() && row == sample.rows() - 1;
      Map<String, @Nullable Object> values = planned(table, row, isNulls, solved);
      if (insert(table, values, row, solved)) {
        rows.add(values);
      }
    }
  }

  private Map<String, @Nullable Object> planned(
      TableShape table, int row, boolean isNulls, Map<String, @Nullable Object> solved) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    int place = 0;
    for (ColumnShape column : table.writable()) {
      place++;
      Object value =
          // Rows that are to be met by conditions should differ wherever they can.
          sample.hints().equals(Hints.NONE) && solved.containsKey(column.key())
              ? solved.get(column.key())
              : hinted(column, row, ordinary(column, row, place));
      boolean mayBeNull = !column.isNotNull() && column.keyPart() == 0;
      values.put(column.key(), isNulls && mayBeNull ? null : value);
    }
    table.foreignKeys().forEach(key -> refer(table, key, row, isNulls, values));
    return values;
  }

  private Object ordinary(ColumnShape column, int row, int place) {
    return sample.isNumeric() && column.affinity() == ColumnShape.Affinity.TEXT
        ? String.valueOf(sample.first() + row + 100 * place)
        : SeedValues.ordinary(column, sample.first(), row, place);
  }

  private Object hinted(ColumnShape column, int row, Object ordinary) {
    List<Object> own = sample.hints().byColumn().getOrDefault(column.key(), List.of());
    List<Object> all =
        own.isEmpty() && column.keyPart() == 0
            ? column.affinity() == ColumnShape.Affinity.TEXT
                ? sample.hints().texts()
                : sample.hints().numbers()
            : own;
    boolean isUsed = !all.isEmpty() && row < Math.min(all.size(), sample.rows() - 2);
    Object hint = isUsed ? all.get(row % all.size()) : ordinary;
    boolean isForeign =
        hint instanceof String
            && column.keyPart() > 0
            && column.affinity() == ColumnShape.Affinity.INTEGER;
    return isForeign ? ordinary : hint;
  }

  private void refer(
      TableShape table,
      ForeignKey key,
      int row,
      boolean isNulls,
      Map<String, @Nullable Object> values) {
    boolean isSelf = key.parent().equalsIgnoreCase(table.name());
    TableShape parent = shape.tables().get(key.parent());
    if (parent == null || !filled.contains(key.parent())) {
      key.from().forEach(column -> setNull(table, column, values));
      return;
    }
    List<String> target = TableShape.target(key, parent);
    List<Map<String, @Nullable Object>> parents = made.getOrDefault(key.parent(), List.of());
    if (parents.isEmpty()) {
      guessed.add(key);
    }
    for (int i = 0; i < key.from().size() && i < target.size(); i++) {
      String column = key.from().get(i);
      boolean isNullable =
          table.column(column).filter(c -> !c.isNotNull() && c.keyPart() == 0).isPresent();
      if (isNulls && isNullable) {
        values.put(column, null);
      } else if (isSelf && (row == 0 || parents.isEmpty())) {
        values.put(column, isNullable ? null : values.get(target.get(i)));
      } else if (!parents.isEmpty()) {
        int which = isSelf ? row - 1 : row;
        values.put(column, parents.get(which % parents.size()).get(target.get(i)));
      }
    }
  }

  private static void setNull(
      TableShape table, String column, Map<String, @Nullable Object> values) {
    table.column(column).filter(c -> !c.isNotNull()).ifPresent(c -> values.put(c.key(), null));
  }

  private boolean insert(
      TableShape table,
      Map<String, @Nullable Object> values,
      int row,
      Map<String, @Nullable Object> solved)
      throws SQLException {
    Map<String, @Nullable Object> planned = new HashMap<>(values);
    Random random = new Random(row);
    List<Object> candidates = List.of();
    String sql = insertion(table);
    for (int attempt = 0; attempt < TRIES; attempt++) {
      try {
        database.run(sql, values.values().toArray());
        return true;
      } catch (SQLException e) {
        String message = String.valueOf(e.getMessage());
        candidates = candidates.isEmpty() ? SeedValues.candidates(table) : candidates;
        if (message.contains("CHECK")) {
          List<String> columns = checkedColumns(table, message);
          if (columns.size() == 1 && attempt < candidates.size()) {
            // In turn, and in each row another one first, so that rows differ.
            values.put(columns.get(0), candidates.get((row + attempt) % candidates.size()));
          } else {
            vary(columns, table, values, candidates, random);
            columns.forEach(column -> solved.put(column, values.get(column)));
          }
        } else if (message.contains("UNIQUE") || message.contains("PRIMARY KEY")) {
          String key = collided(table, message, random);
          boolean isChecked = solved.containsKey(key);
          values.put(
              key,
              isChecked
                  ? candidates.get(random.nextInt(candidates.size()))
                  : fresh(table, key, random));
        } else {
          vary(List.of(named(table, message, random)), table, values, candidates, random);
        }
      }
    }
    return insertUnchecked(table, sql, planned, values);
  }

  private boolean insertUnchecked(
      TableShape table,
      String sql,
      Map<String, @Nullable Object> planned,
      Map<String, @Nullable Object> values)
      throws SQLException {
    values.putAll(planned);
    database.run("PRAGMA ignore_check_constraints = on");
    try {
      database.run(sql, values.values().toArray());
      unchecked.add(table.name());
      return true;
    } catch (SQLException e) {
      return false; // such a row cannot be: the words of the file have to do
    } finally {
      database.run("PRAGMA ignore_check_constraints = off");
    }
  }

  private static String insertion(TableShape table) {
    StringBuilder names = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    for (ColumnShape column : table.writable()) {
      names.append(names.isEmpty() ? "" : ", ").append(TrialDatabase.quoted(column.name()));
      marks.append(marks.isEmpty() ? "?" : ", ?");
    }
    return "INSERT INTO "
        + TrialDatabase.quoted(table.name())
        + " ("
        + names
        + ") VALUES ("
        + marks
        + ")";
  }

  private static Object fresh(TableShape table, String column, Random random) {
    ColumnShape shape = table.column(column).orElseThrow();
    return SeedValues.ordinary(shape, 20_000, random.nextInt(50_000), 1);
  }

  /** Other values for the columns that a failing CHECK may speak of. */
  private static void vary(
      List<String> columns,
      TableShape table,
      Map<String, @Nullable Object> values,
      List<Object> candidates,
      Random random) {
    for (String column : columns) {
      if (columns.size() == 1 || random.nextInt(3) > 0) {
        boolean mayBeNull =
            table.column(column).filter(c -> !c.isNotNull() && c.keyPart() == 0).isPresent();
        int pick = random.nextInt(candidates.size() + (mayBeNull ? 1 : 0));
        values.put(column, pick < candidates.size() ? candidates.get(pick) : null);
      }
    }
  }

  /** The columns that the failing CHECK names; those that refer to others only when they must. */
  private static List<String> checkedColumns(TableShape table, String message) {
    List<String> named = new ArrayList<>();
    String failing = message.substring(message.indexOf("CHECK")).toLowerCase(Locale.ROOT);
    String all = String.join(" ", table.checks()).toLowerCase(Locale.ROOT);
    for (ColumnShape column : table.writable()) {
      if (mentions(failing, column.key())) {
        named.add(column.key());
      }
    }
    if (named.isEmpty()) {
      table.writable().stream()
          .map(ColumnShape::key)
          .filter(column -> mentions(all, column))
          .forEach(named::add);
    }
    Set<String> referring = new HashSet<>();
    table.foreignKeys().forEach(key -> referring.addAll(key.from()));
    List<String> free = named.stream().filter(column -> !referring.contains(column)).toList();
    return free.isEmpty() ? named : free;
  }

  private static boolean mentions(String text, String column) {
    int at = text.indexOf(column);
    while (at >= 0) {
      boolean begins = at == 0 || !Character.isJavaIdentifierPart(text.charAt(at - 1));
      int end = at + column.length();
      if (begins && (end == text.length() || !Character.isJavaIdentifierPart(text.charAt(end)))) {
        return true;
      }
      at = text.indexOf(column, at + 1);
    }
    return false;
  }

  /** A column of the constraint that two rows collide in: not one that refers, if possible. */
  private static String collided(TableShape table, String message, Random random) {
    String lower = message.toLowerCase(Locale.ROOT);
    Set<String> referring = new HashSet<>();
    table.foreignKeys().forEach(key -> referring.addAll(key.from()));
    List<String> named =
        table.writable().stream()
            .map(ColumnShape::key)
            .filter(column -> lower.contains("." + column))
            .toList();
    List<String> free = named.stream().filter(column -> !referring.contains(column)).toList();
    List<String> from = free.isEmpty() ? named : free;
    return from.isEmpty()
        ? table.writable().get(random.nextInt(table.writable().size())).key()
        : from.get(random.nextInt(from.size()));
  }

  private static String named(TableShape table, String message, Random random) {
    String lower = message.toLowerCase(Locale.ROOT);
    return table.writable().stream()
        .map(ColumnShape::key)
        .filter(column -> lower.contains("." + column))
        .findFirst()
        .orElseGet(() -> table.writable().get(random.nextInt(table.writable().size())).key());
  }

  /** References within a circle were guessed: each row now gets a parent that is there. */
  private void mendReferences() throws SQLException {
    for (String name : made.keySet()) {
      TableShape table = shape.tables().get(name);
      if (table == null) {
        continue;
      }
      for (ForeignKey key : table.foreignKeys()) {
        TableShape parent = shape.tables().get(key.parent());
        if (parent != null && guessed.contains(key) && made.containsKey(key.parent())) {
          mend(table, key, parent);
        }
      }
    }
  }

  private void mend(TableShape table, ForeignKey key, TableShape parent) throws SQLException {
    List<String> target = TableShape.target(key, parent);
    if (key.from().size() != 1 || target.size() != 1) {
      return; // a circle of keys with several parts: its rows go below, if they are wrong
    }
    String column = TrialDatabase.quoted(key.from().get(0));
    String parents =
        "SELECT "
            + TrialDatabase.quoted(target.get(0))
            + " FROM "
            + TrialDatabase.quoted(parent.name());
    String wrong = column + " IS NOT NULL AND " + column + " NOT IN (" + parents + ")";
    try {
      database.run(
          "UPDATE OR IGNORE "
              + TrialDatabase.quoted(table.name())
              + " SET "
              + column
              + " = ("
              + parents
              + " LIMIT 1) WHERE "
              + wrong);
      database.run("DELETE FROM " + TrialDatabase.quoted(table.name()) + " WHERE " + wrong);
    } catch (SQLException e) {
      // The reference does not fit its parent; SQLite refuses to use it, and so says the trial.
    }
  }
}
