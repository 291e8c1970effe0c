package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.trial.Loss.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether what the running version writes and reads is still taken. */
final class Usability {
  private final TrialDatabase database;
  private final List<Step> steps;
  private final Shape before;
  private final Shape after;

  Usability(TrialDatabase database, List<Step> steps, Shape before, Shape after) {
    this.database = database;
    this.steps = steps;
    this.before = before;
    this.after = after;
  }

  void check(List<WatchedTable> watched, List<Loss> losses) throws SQLException {
    database.run("PRAGMA foreign_keys = off");
    for (WatchedTable table : watched) {
      TableShape now = after.tables().get(table.key());
      if (now != null && isChanged(table, now) && hasAllColumns(table.shape(), now)) {
        checkInsert(table, losses);
      }
    }
    for (String view : before.views().keySet()) {
      if (after.views().containsKey(view)) {
        checkView(view, losses);
      }
    }
  }

  private boolean isChanged(WatchedTable table, TableShape now) {
    Set<String> triggers = new HashSet<>();
    after.triggers().values().stream()
        .filter(trigger -> trigger.table().equals(table.key()))
        .map(Shape.Trigger::sql)
        .forEach(triggers::add);
    before.triggers().values().forEach(trigger -> triggers.remove(trigger.sql()));
    return !now.sql().equals(table.shape().sql()) || !triggers.isEmpty();
  }

  private static boolean hasAllColumns(TableShape was, TableShape is) {
    return was.columns().stream().allMatch(column -> is.column(column.key()).isPresent());
  }

  /** A row that was there is written again, as the running version would. */
  private void checkInsert(WatchedTable table, List<Loss> losses) throws SQLException {
    List<Map<String, @Nullable Object>> rows = table.rows();
    if (rows.isEmpty()) {
      return;
    }
    Map<String, @Nullable Object> row = rows.get(rows.size() - 1);
    List<String> names = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (ColumnShape column : table.shape().writable()) {
      if (row.containsKey(column.key())) {
        names.add(TrialDatabase.quoted(column.name()));
        values.add(row.get(column.key()));
      }
    }
    String name = TrialDatabase.quoted(table.shape().name());
    database.run("BEGIN");
    try {
      database.run("DELETE FROM " + name);
      database.run(
          "INSERT INTO "
              + name
              + " ("
              + String.join(", ", names)
              + ") VALUES ("
              + "?, ".repeat(names.size() - 1)
              + "?)",
          values.toArray());
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.contains("CHECK") && !message.contains("UNIQUE")) {
        losses.add(
            place(table.key())
                .loss(
                    Kind.WRITES_REFUSED,
                    table.shape().name(),
                    "What the running version inserts into "
                        + table.shape().name()
                        + " is refused: "
                        + Trial.words(message)));
      }
    } finally {
      rollBack();
    }
  }

  private void rollBack() throws SQLException {
    try {
      database.run("ROLLBACK");
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).contains("no transaction")) {
        throw e;
      }
    }
  }

  private void checkView(String view, List<Loss> losses) {
    try {
      database.rows("SELECT * FROM " + TrialDatabase.quoted(view) + " LIMIT 0");
    } catch (SQLException e) {
      losses.add(
          steps
              .get(steps.size() - 1)
              .loss(
                  Kind.VIEW_LOST,
                  view,
                  "The view " + view + " fails: " + Trial.words(String.valueOf(e.getMessage()))));
    }
  }

  /** The last statement that names the table. */
  private Step place(String table) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      boolean names =
          steps.get(i).statement().tokens().stream()
              .anyMatch(token -> token.text().toLowerCase(Locale.ROOT).contains(table));
      if (names) {
        return steps.get(i);
      }
    }
    return steps.get(steps.size() - 1);
  }
}
