package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.sql.DataChange;
import dev.gitblobs.ops.migrate.sql.DataChange.Verb;
import dev.gitblobs.ops.migrate.sql.SchemaChange;
import dev.gitblobs.ops.migrate.trial.Loss.Kind;
import java.util.List;
import java.util.Set;

/** Writes whose effect no sample row showed: what they do to real rows is not known. */
final class UntriedWrites {
  private final Shape before;
  private final Set<String> withRows;
  private final List<Step> steps;
  private final FoundLosses found;

  UntriedWrites(Shape before, Set<String> withRows, List<Step> steps, FoundLosses found) {
    this.before = before;
    this.withRows = withRows;
    this.steps = steps;
    this.found = found;
  }

  /**
   * A write whose condition met no sample row may meet real ones.
   *
   * @param tries those that were made
   */
  void addWrites(Tries tries) {
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      DataChange change = step.data().orElse(null);
      if (change == null || !withRows.contains(change.table())) {
        continue;
      }
      // A sample with NULLs was there: if none was met, there cannot be one.
      boolean isDone =
          tries.hits().getOrDefault(i, 0) > 0
              || (tries.hadNulls() && DataChange.seeksNull(step.statement()));
      if (change.verb() == Verb.DELETE && !isDone) {
        add(step, change.table(), "It may delete rows of " + change.table());
      } else if (change.verb() == Verb.UPDATE && !isDone && setsOld(change)) {
        add(step, change.table(), "It may overwrite values of " + change.table());
      } else if (change.verb() == Verb.REPLACE) {
        addReplaced(step, change);
      }
    }
  }

  private void add(Step step, String table, String what) {
    found.keep(step.loss(Kind.UNTRIED_WRITE, table, what));
  }

  private boolean setsOld(DataChange change) {
    TableShape table = before.tables().get(change.table());
    return table != null
        && change.columns().stream().anyMatch(column -> table.column(column).isPresent());
  }

  /** What refers to a replaced row goes with it, whether or not the sample had such a row. */
  private void addReplaced(Step step, DataChange change) {
    TableShape table = before.tables().get(change.table());
    if (table == null || found.has(step, Kind.ROWS_CASCADED)) {
      return;
    }
    List<String> children =
        before.childrenOf(change.table()).stream()
            .filter(child -> goesWith(child, change.table()))
            .map(TableShape::name)
            .toList();
    if (!children.isEmpty()) {
      String what =
          "It replaces rows of "
              + table.name()
              + ", to which refer: "
              + String.join(", ", children);
      found.keep(step.loss(Kind.ROWS_REPLACED, table.name(), what, 0, 0, Remedies.upsert(table)));
    } else if (!found.has(step, Kind.ROWS_REPLACED)) {
      add(step, table.name(), "It may replace rows of " + table.name());
    }
  }

  private static boolean goesWith(TableShape child, String parent) {
    return child.foreignKeys().stream()
        .anyMatch(
            key ->
                key.parent().equals(parent)
                    && !key.onDelete().equals("NO ACTION")
                    && !key.onDelete().equals("RESTRICT"));
  }

  /** Whether rows that are there collide in a new unique index is not known either. */
  void addUnique() {
    for (Step step : steps) {
      if (step.schema() instanceof SchemaChange.CreateUniqueIndex index
          && !index.table().isEmpty()
          && withRows.contains(index.table())
          && before.tables().containsKey(index.table())) {
        found.keep(
            step.loss(
                Kind.UNIQUE_ON_ROWS, index.table(), "The index " + index.index() + " is unique"));
      }
    }
  }
}
