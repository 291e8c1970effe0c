package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.sql.SchemaChange;
import dev.gitblobs.ops.migrate.trial.Loss.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares what a database consists of before and after. */
final class ShapeLosses {
  private final List<Step> steps;
  private final Shape before;
  private final Shape after;
  private final List<Loss> losses = new ArrayList<>();

  /** What a table that was there is called now; missing when it is gone. */
  private final Map<String, String> nowCalled = new HashMap<>();

  /** Columns that were renamed: table and column as they were, to the name they have. */
  private final Map<String, String> renamedColumns = new HashMap<>();

  private ShapeLosses(List<Step> steps, Shape before, Shape after) {
    this.steps = steps;
    this.before = before;
    this.after = after;
  }

  static List<Loss> find(List<Step> steps, Shape before, Shape after) {
    ShapeLosses losses = new ShapeLosses(steps, before, after);
    losses.followNames();
    before.tables().values().forEach(losses::compareTable);
    before.triggers().values().forEach(losses::compareTrigger);
    before.views().keySet().forEach(losses::compareView);
    return losses.losses;
  }

  private void followNames() {
    before.tables().keySet().forEach(name -> nowCalled.put(name, name));
    for (Step step : steps) {
      if (step.schema() instanceof SchemaChange.RenameTable rename) {
        nowCalled.replaceAll((was, is) -> is.equals(rename.table()) ? rename.to() : is);
      } else if (step.schema() instanceof SchemaChange.RenameColumn rename) {
        nowCalled.forEach(
            (was, is) -> {
              if (is.equals(rename.table())) {
                renamedColumns.put(was + "/" + rename.column(), rename.to());
              }
            });
      }
    }
    nowCalled.replaceAll((was, is) -> after.tables().containsKey(was) ? was : is);
    nowCalled.values().removeIf(is -> !after.tables().containsKey(is));
  }

  private void compareTable(TableShape table) {
    String key = table.name().toLowerCase(Locale.ROOT);
    String now = nowCalled.get(key);
    if (now == null) {
      int step =
          Step.last(steps, c -> c instanceof SchemaChange.DropTable d && isName(key, d.table()));
      add(step, Kind.TABLE_DROPPED, table, "It drops the table " + table.name());
      return;
    }
    if (!now.equals(key)) {
      int step =
          Step.last(steps, c -> c instanceof SchemaChange.RenameTable r && r.to().equals(now));
      add(step, Kind.TABLE_RENAMED, table, "It renames the table " + table.name());
    }
    TableShape there = after.tables().get(now);
    if (there == null || table.isVirtual() || there.sql().equals(table.sql())) {
      if (there != null) {
        compareIndexes(table, there, Set.of());
      }
      return;
    }
    Set<String> lost = compareColumns(table, there);
    compareForeignKeys(table, there, lost);
    compareIndexes(table, there, lost);
    compareChecks(table, there, lost);
  }

  private Set<String> compareColumns(TableShape table, TableShape there) {
    Set<String> lost = new HashSet<>();
    for (ColumnShape column : table.columns()) {
      ColumnShape same = there.column(column.key()).orElse(null);
      if (same != null) {
        compareColumn(table, column, same);
        continue;
      }
      lost.add(column.key());
      String key = table.name().toLowerCase(Locale.ROOT);
      String renamed = renamedColumns.get(key + "/" + column.key());
      if (renamed != null && there.column(renamed).isPresent()) {
        int step =
            Step.last(
                steps, c -> c instanceof SchemaChange.RenameColumn r && r.to().equals(renamed));
        add(step, Kind.COLUMN_RENAMED, table, "It renames the column " + text(table, column));
      } else {
        add(
            columnStep(table, column),
            Kind.COLUMN_LOST,
            table,
            "It drops the column " + text(table, column));
      }
    }
    if (!table.primaryKey().equals(there.primaryKey())
        && lost.stream().noneMatch(table.primaryKey()::contains)) {
      add(
          rebuild(table),
          Kind.CONSTRAINT_LOST,
          table,
          "The primary key of " + table.name() + " is another one");
    }
    return lost;
  }

  private void compareColumn(TableShape table, ColumnShape column, ColumnShape now) {
    int step = rebuild(table);
    if (column.affinity() != now.affinity()) {
      add(
          step,
          Kind.TYPE_CHANGED,
          table,
          "The type of "
              + text(table, column)
              + " becomes "
              + (now.type().isEmpty() ? "none" : now.type()));
    }
    if (!column.isNotNull() && now.isNotNull() && column.keyPart() == 0) {
      add(
          step,
          Kind.NOT_NULL_ADDED,
          table,
          "The column " + text(table, column) + " becomes NOT NULL");
    } else if (column.isNotNull() && !now.isNotNull() && now.keyPart() == 0) {
      add(
          step,
          Kind.CONSTRAINT_CHANGED,
          table,
          "The column " + text(table, column) + " loses NOT NULL");
    }
    if (column.isGenerated() && !now.isGenerated()) {
      add(
          step,
          Kind.CONSTRAINT_LOST,
          table,
          "The column " + text(table, column) + " is not computed any more");
    }
    String was = column.defaultText();
    if (was != null && now.defaultText() == null) {
      add(
          step,
          Kind.DEFAULT_LOST,
          table,
          "The column " + text(table, column) + " loses DEFAULT " + was);
    } else if (was != null && !was.equals(now.defaultText())) {
      add(
          step,
          Kind.CONSTRAINT_CHANGED,
          table,
          "The column " + text(table, column) + " gets another DEFAULT");
    }
  }

  private void compareForeignKeys(TableShape table, TableShape there, Set<String> lost) {
    for (ForeignKey key : table.foreignKeys()) {
      if (key.from().stream().anyMatch(lost::contains)) {
        continue;
      }
      String parent = nowCalled.getOrDefault(key.parent(), key.parent());
      ForeignKey now = find(there, key, parent);
      if (now == null) {
        add(
            rebuild(table),
            Kind.CONSTRAINT_LOST,
            table,
            table.name() + " loses FOREIGN KEY " + key.text());
      } else if (!now.onDelete().equals(key.onDelete()) || !now.onUpdate().equals(key.onUpdate())) {
        add(
            rebuild(table),
            Kind.CONSTRAINT_CHANGED,
            table,
            table.name() + " gets FOREIGN KEY " + now.text());
      }
    }
  }

  private static @Nullable ForeignKey find(TableShape there, ForeignKey key, String parent) {
    return there.foreignKeys().stream()
        .filter(now -> now.parent().equals(parent) && now.from().equals(key.from()))
        .findFirst()
        .orElse(null);
  }

  private void compareIndexes(TableShape table, TableShape there, Set<String> lost) {
    for (IndexShape index : table.indexes()) {
      boolean isThere =
          there.indexes().stream()
              .anyMatch(
                  now ->
                      (index.sql() != null
                              && now.name().equals(index.name())
                              && index.isUnique() == now.isUnique())
                          || now.isLike(index)
                          || (index.isUnique() && now.isUnique() && sameColumns(index, now)));
      boolean isPrimaryKey =
          index.sql() == null && Set.copyOf(index.columns()).equals(Set.copyOf(table.primaryKey()));
      boolean isKeyNow =
          index.isUnique() && Set.copyOf(index.columns()).equals(Set.copyOf(there.primaryKey()));
      if (isThere
          || isPrimaryKey
          || isKeyNow
          || index.columns().stream().anyMatch(lost::contains)) {
        continue;
      }
      addIndex(table, index);
    }
  }

  private static boolean sameColumns(IndexShape one, IndexShape other) {
    return !one.columns().contains("*")
        && Set.copyOf(one.columns()).equals(Set.copyOf(other.columns()))
        && (one.sql() == null || !one.sql().toUpperCase(Locale.ROOT).contains(" WHERE "));
  }

  private void addIndex(TableShape table, IndexShape index) {
    if (index.sql() == null) {
      add(
          rebuild(table),
          Kind.CONSTRAINT_LOST,
          table,
          table.name() + " loses UNIQUE (" + String.join(", ", index.columns()) + ")");
      return;
    }
    boolean isDropped = Step.any(steps, c -> isDrop(c, "INDEX", index.name()));
    int step = isDropped ? Step.last(steps, c -> isDrop(c, "INDEX", index.name())) : rebuild(table);
    String what =
        (index.isUnique() ? "the unique index " : "the index ")
            + index.name()
            + " of "
            + table.name();
    losses.add(
        steps
            .get(step)
            .loss(
                isDropped && !index.isUnique() ? Kind.INDEX_DROPPED : Kind.INDEX_LOST,
                table.name(),
                (isDropped ? "It drops " : "It loses ") + what,
                0,
                0,
                Remedies.again(index.sql())));
  }

  private void compareChecks(TableShape table, TableShape there, Set<String> lost) {
    List<String> was = normalized(table.checks());
    List<String> is = normalized(there.checks());
    List<String> missing = new ArrayList<>(was);
    missing.removeAll(is);
    missing.removeIf(check -> lost.stream().anyMatch(column -> words(check).contains(column)));
    List<String> added = new ArrayList<>(is);
    added.removeAll(was);
    for (int i = 0; i < missing.size(); i++) {
      boolean isChanged = i < added.size();
      add(
          rebuild(table),
          isChanged ? Kind.CONSTRAINT_CHANGED : Kind.CONSTRAINT_LOST,
          table,
          table.name()
              + (isChanged ? " has another CHECK in the place of " : " loses CHECK ")
              + missing.get(i));
    }
  }

  private static List<String> normalized(List<String> checks) {
    return checks.stream().map(c -> c.toLowerCase(Locale.ROOT).replace("\"", "")).toList();
  }

  private static Set<String> words(String check) {
    return new HashSet<>(List.of(check.split("[^\\p{L}\\p{N}_]+", -1)));
  }

  private void compareTrigger(Shape.Trigger trigger) {
    String key = trigger.name().toLowerCase(Locale.ROOT);
    String table = nowCalled.get(trigger.table());
    boolean isOfView = before.views().containsKey(trigger.table());
    if (after.triggers().containsKey(key) || (table == null && !isOfView)) {
      return;
    }
    boolean isDropped = Step.any(steps, c -> isDrop(c, "TRIGGER", key));
    TableShape shape = before.tables().get(trigger.table());
    int step =
        isDropped
            ? Step.last(steps, c -> isDrop(c, "TRIGGER", key))
            : shape == null ? steps.size() - 1 : rebuild(shape);
    losses.add(
        steps
            .get(step)
            .loss(
                Kind.TRIGGER_LOST,
                trigger.table(),
                (isDropped ? "It drops" : "It loses")
                    + " the trigger "
                    + trigger.name()
                    + " of "
                    + trigger.table(),
                0,
                0,
                isDropped ? List.of() : Remedies.again(trigger.sql())));
  }

  private void compareView(String view) {
    if (!after.views().containsKey(view) && !after.tables().containsKey(view)) {
      int step = Step.last(steps, c -> isDrop(c, "VIEW", view));
      losses.add(
          steps
              .get(step)
              .loss(
                  Kind.VIEW_LOST,
                  view,
                  "It drops the view " + view,
                  0,
                  0,
                  Remedies.viewAgain(String.valueOf(before.views().get(view)))));
    }
  }

  /** The step that takes the old table away, else the last one that alters it, else the last. */
  private int rebuild(TableShape table) {
    String key = table.name().toLowerCase(Locale.ROOT);
    if (Step.any(steps, c -> c instanceof SchemaChange.DropTable d && isName(key, d.table()))) {
      return Step.last(steps, c -> c instanceof SchemaChange.DropTable d && isName(key, d.table()));
    }
    return Step.last(
        steps,
        c ->
            (c instanceof SchemaChange.RenameTable r
                    && (r.table().equals(key) || r.to().equals(key)))
                || (c instanceof SchemaChange.DropColumn d && d.table().equals(key)));
  }

  private int columnStep(TableShape table, ColumnShape column) {
    boolean isDropped =
        Step.any(
            steps, c -> c instanceof SchemaChange.DropColumn d && d.column().equals(column.key()));
    return isDropped
        ? Step.last(
            steps, c -> c instanceof SchemaChange.DropColumn d && d.column().equals(column.key()))
        : rebuild(table);
  }

  /** Whether a table that was called that is meant, under whichever name. */
  private boolean isName(String key, String name) {
    if (name.equals(key)) {
      return true;
    }
    String at = key;
    for (Step step : steps) {
      if (step.schema() instanceof SchemaChange.RenameTable rename && rename.table().equals(at)) {
        at = rename.to();
      }
    }
    return name.equals(at);
  }

  private static boolean isDrop(SchemaChange change, String kind, String name) {
    return change instanceof SchemaChange.DropObject drop
        && drop.kind().equals(kind)
        && drop.name().equals(name);
  }

  private static String text(TableShape table, ColumnShape column) {
    return table.name() + "." + column.name();
  }

  private void add(int step, Kind kind, TableShape table, String what) {
    losses.add(steps.get(step).loss(kind, table.name(), what));
  }
}
