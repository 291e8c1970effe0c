package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.sql.DataChange;
import dev.gitblobs.ops.migrate.sql.DataChange.Verb;
import dev.gitblobs.ops.migrate.sql.SchemaChange;
import dev.gitblobs.ops.migrate.trial.Loss.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says why rows of a watched table went or changed. */
final class RowLosses {
  private final List<Step> steps;
  private final Shape after;

  RowLosses(List<Step> steps, Shape after) {
    this.steps = steps;
    this.after = after;
  }

  /** All that happened to the rows of that table. */
  List<Loss> of(WatchedTable table) {
    List<Loss> losses = new ArrayList<>();
    table.lostBySteps().forEach((step, lost) -> addLost(table, steps.get(step), lost, losses));
    Map<Integer, List<String>> columnsByStep = new LinkedHashMap<>();
    table
        .changes()
        .forEach(
            (column, how) ->
                columnsByStep.computeIfAbsent(how[0], s -> new ArrayList<>()).add(column));
    columnsByStep.forEach((step, columns) -> addChanged(table, steps.get(step), columns, losses));
    return losses;
  }

  private void addLost(WatchedTable table, Step step, int lost, List<Loss> losses) {
    String name = table.shape().name();
    int of = table.rowCount();
    if (step.schema() instanceof SchemaChange.DropTable drop) {
      if (!isCalled(table, drop.table())) {
        losses.add(
            step.loss(
                Kind.ROWS_CASCADED,
                name,
                "Dropping " + drop.table() + " deletes rows of " + name + " (ON DELETE CASCADE)",
                lost,
                of,
                Remedies.keepRows(table.shape())));
      } else if (after.tables().containsKey(table.key())) {
        losses.add(
            step.loss(
                Kind.ROWS_NOT_COPIED,
                name,
                "The new table in the place of " + name + " lacks rows of the old one",
                lost,
                of,
                Remedies.copyRows(table.shape(), after.tables().get(table.key()))));
      }
      return; // dropped for good: told as such
    }
    if (step.data().isEmpty()) {
      losses.add(
          step.loss(Kind.ROWS_DELETED, name, "Rows of " + name + " go", lost, of, List.of()));
      return;
    }
    DataChange change = step.data().get();
    boolean isTarget = isCalled(table, change.table());
    if (isTarget && change.verb() == Verb.REPLACE) {
      losses.add(
          step.loss(
              Kind.ROWS_REPLACED,
              name,
              "It replaces rows of " + name,
              lost,
              of,
              Remedies.upsert(table.shape())));
    } else if (isTarget && change.verb() == Verb.DELETE) {
      losses.add(
          step.loss(Kind.ROWS_DELETED, name, "It deletes rows of " + name, lost, of, List.of()));
    } else if (refersTo(table, change.table())) {
      String how = change.verb() == Verb.REPLACE ? "Replacing" : "Deleting";
      losses.add(
          step.loss(
              Kind.ROWS_CASCADED,
              name,
              how
                  + " rows of "
                  + change.table()
                  + " deletes rows of "
                  + name
                  + " (ON DELETE CASCADE)",
              lost,
              of,
              List.of()));
    } else {
      losses.add(
          step.loss(
              Kind.ROWS_DELETED, name, "A trigger deletes rows of " + name, lost, of, List.of()));
    }
  }

  private void addChanged(WatchedTable table, Step step, List<String> columns, List<Loss> losses) {
    String name = table.shape().name();
    int of = table.rowCount();
    int most = 0;
    for (Map.Entry<String, int[]> change : table.changes().entrySet()) {
      most = columns.contains(change.getKey()) ? Math.max(most, change.getValue()[1]) : most;
    }
    String list = name + " (" + String.join(", ", columns) + ")";
    if (step.data().isEmpty() && isAbout(table, step.schema())) {
      losses.add(
          step.loss(
              Kind.VALUES_OVERWRITTEN,
              name,
              "The new table has other values in " + list,
              most,
              of,
              List.of()));
      return;
    }
    String target = step.data().map(DataChange::table).orElse("");
    if (!target.isEmpty() && isCalled(table, target)) {
      addWritten(table, step, columns, most, losses);
      return;
    }
    List<String> cleared = clearedReferences(table, columns);
    if (!cleared.isEmpty()) {
      boolean isRebuild = step.schema() instanceof SchemaChange.DropTable;
      losses.add(
          step.loss(
              Kind.REFERENCES_CLEARED,
              name,
              "It clears references in " + name + " (" + String.join(", ", cleared) + ")",
              most,
              of,
              isRebuild ? Remedies.keepReferences(table.shape(), cleared) : List.of()));
    } else if (!followsKey(table, columns)) {
      losses.add(
          step.loss(
              Kind.VALUES_BY_TRIGGER, name, "A trigger changes " + list, most, of, List.of()));
    }
  }

  private static void addWritten(
      WatchedTable table, Step step, List<String> columns, int most, List<Loss> losses) {
    String name = table.shape().name();
    DataChange change = step.data().orElseThrow();
    String list = name + " (" + String.join(", ", columns) + ")";
    int of = table.rowCount();
    Kind kind =
        change.verb() == Verb.REPLACE || change.verb() == Verb.UPSERT
            ? Kind.ROWS_REPLACED
            : Kind.VALUES_OVERWRITTEN;
    boolean isNamed =
        kind == Kind.ROWS_REPLACED
            || change.verb() == Verb.INSERT
            || columns.stream().anyMatch(change.columns()::contains);
    losses.add(
        isNamed
            ? step.loss(
                kind,
                name,
                "It overwrites values of " + list,
                most,
                of,
                change.verb() == Verb.REPLACE ? Remedies.upsert(table.shape()) : List.of())
            : step.loss(
                Kind.VALUES_BY_TRIGGER, name, "A trigger changes " + list, most, of, List.of()));
  }

  private static List<String> clearedReferences(WatchedTable table, List<String> columns) {
    return table.shape().foreignKeys().stream()
        .filter(key -> Set.of("SET NULL", "SET DEFAULT").contains(key.onDelete()))
        .flatMap(key -> key.from().stream())
        .filter(columns::contains)
        .distinct()
        .toList();
  }

  /** Whether these are references that follow a changed key. */
  private static boolean followsKey(WatchedTable table, List<String> columns) {
    return columns.stream()
        .allMatch(
            column ->
                table.shape().foreignKeys().stream()
                    .anyMatch(
                        key -> key.from().contains(column) && !key.onUpdate().equals("NO ACTION")));
  }

  private static boolean isCalled(WatchedTable table, String name) {
    return table.key().equals(name) || table.name().equals(name);
  }

  private static boolean isAbout(WatchedTable table, SchemaChange change) {
    return (change instanceof SchemaChange.DropTable drop && isCalled(table, drop.table()))
        || (change instanceof SchemaChange.RenameTable rename
            && (isCalled(table, rename.to()) || isCalled(table, rename.table())));
  }

  private static boolean refersTo(WatchedTable table, String parent) {
    return table.shape().foreignKeys().stream()
            .anyMatch(key -> key.onDelete().equals("CASCADE") && !key.parent().isEmpty())
        && !parent.isEmpty();
  }
}
