package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.sql.DataChange;
import dev.gitblobs.ops.migrate.sql.DataChange.Verb;
import dev.gitblobs.ops.migrate.sql.SchemaChange;
import dev.gitblobs.ops.migrate.trial.Loss.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One try of some migrations on a database with sample rows. */
final class Trial {
  /** More observations than this are made at the end only: a file of thousands of INSERTs. */
  private static final int MAX_OBSERVATIONS = 400;

  /** A file of more writes than this is seed data. */
  private static final int MAX_DOUBTS = 100;

  private final TrialDatabase database;
  private final List<Step> steps;
  private final Set<String> hidden;
  private final List<WatchedTable> watched = new ArrayList<>();
  private final List<Loss> losses = new ArrayList<>();

  /** What would be overwritten if it were there. */
  private final List<Loss> doubted = new ArrayList<>();

  /** By step: how many rows it wrote. */
  private final Map<Integer, Integer> hits = new HashMap<>();

  private int observations;
  private int doubts;

  Trial(TrialDatabase database, List<Step> steps, Set<String> hidden) {
    this.database = database;
    this.steps = steps;
    this.hidden = hidden;
  }

  /** How a try ended. */
  enum End {
    /** It ran to its end. */
    DONE,
    /** It failed on the rows that are there; nothing would be done. */
    FAILED,
    /** The sample does not suit it, so that nothing is shown. */
    UNSUITABLE,
    /** A text could not become a number. */
    NOT_NUMERIC
  }

  /** What was found. */
  List<Loss> losses() {
    return losses;
  }

  /** What was not lost of the sample, but would be of rows with other values. */
  List<Loss> doubted() {
    return doubted;
  }

  /** How many rows each step wrote. */
  Map<Integer, Integer> hits() {
    return hits;
  }

  /**
   * Fills the tables and runs all steps.
   *
   * @param before what the database consists of
   * @param filled the tables that have rows, lower case
   * @param isProbing whether rows were made to be met by conditions: then only losses of rows count
   */
  End run(Shape before, Set<String> filled, Seeder.Sample sample, boolean isProbing)
      throws SQLException {
    Set<String> unchecked = new Seeder(database, before, sample).fill(filled);
    for (String name : filled) {
      TableShape table = before.tables().get(name);
      if (table != null && !table.isVirtual()) {
        watched.add(new WatchedTable(database, table));
      }
    }
    End end = runSteps(isProbing, !unchecked.isEmpty());
    if (end != End.DONE) {
      return end;
    }
    observe(steps.size() - 1);
    Shape after = ShapeReader.read(database, hidden);
    RowLosses reasons = new RowLosses(steps, after);
    watched.forEach(table -> losses.addAll(reasons.of(table)));
    if (!isProbing) {
      new Usability(database, steps, before, after).check(watched, losses);
    }
    return End.DONE;
  }

  private End runSteps(boolean isProbing, boolean isUnchecked) throws SQLException {
    int at = 0;
    while (at < steps.size()) {
      database.run("BEGIN");
      if (isUnchecked) {
        database.run("PRAGMA ignore_check_constraints = on");
      }
      int end = endOfFile(at);
      for (int i = at; i < end; i++) {
        End how = run(i, isProbing);
        if (how != End.DONE) {
          return how;
        }
      }
      try {
        database.run("COMMIT");
      } catch (SQLException e) {
        return isProbing ? End.UNSUITABLE : failedAtCommit(at, end);
      }
      settle(at, end);
      at = end;
    }
    return End.DONE;
  }

  private int endOfFile(int from) {
    int end = from;
    while (end < steps.size() && steps.get(end).migration().equals(steps.get(from).migration())) {
      end++;
    }
    return end;
  }

  private void settle(int from, int end) throws SQLException {
    for (int i = from; i < end; i++) {
      if (steps.get(i).schema() instanceof SchemaChange.Pragma) {
        Rehearsal.resetPragmas(database);
        return;
      }
    }
  }

  private End run(int index, boolean isProbing) throws SQLException {
    Step step = steps.get(index);
    try {
      Optional<OtherValues.Overwritten> other = wouldOverwrite(step);
      hits.put(index, Math.max(0, database.run(step.statement().text())));
      other.ifPresent(value -> doubt(step, value));
    } catch (SQLException e) {
      return failed(index, String.valueOf(e.getMessage()), isProbing);
    }
    if (step.schema() instanceof SchemaChange.RenameTable rename) {
      watched.stream()
          .filter(table -> table.name().equals(rename.table()))
          .forEach(table -> table.renameTo(rename.to()));
    } else if (step.schema() instanceof SchemaChange.RenameColumn rename) {
      watched.stream()
          .filter(table -> table.name().equals(rename.table()))
          .forEach(table -> table.renameColumn(rename.column(), rename.to()));
    }
    if (step.touchesRows() && observations++ < MAX_OBSERVATIONS) {
      observe(index);
    }
    return End.DONE;
  }

  /** What it overwrites in rows that hold other values than the sample's. */
  private Optional<OtherValues.Overwritten> wouldOverwrite(Step step) throws SQLException {
    DataChange change = step.data().orElse(null);
    if (change == null || (change.verb() != Verb.UPDATE && change.verb() != Verb.UPSERT)) {
      return Optional.empty();
    }
    if (doubts++ >= MAX_DOUBTS) {
      return Optional.empty();
    }
    for (WatchedTable table : watched) {
      if (table.name().equals(change.table())) {
        List<String> columns = table.oldColumns(change);
        boolean isUpsert = change.verb() == Verb.UPSERT;
        return new OtherValues(database, table.shape(), table.name())
            .find(
                step.statement().text(),
                isUpsert ? List.of(columns) : columns.stream().map(List::of).toList());
      }
    }
    return Optional.empty();
  }

  private void doubt(Step step, OtherValues.Overwritten other) {
    String table = table(step);
    Object value = other.value() instanceof String text ? "'" + text + "'" : other.value();
    doubted.add(
        step.loss(
            step.data().filter(change -> change.verb() == Verb.UPSERT).isPresent()
                ? Kind.ROWS_REPLACED
                : Kind.VALUES_OVERWRITTEN,
            table,
            "It overwrites values of " + table + " (" + other.column() + "), such as " + value));
  }

  private End failed(int index, String message, boolean isProbing) throws SQLException {
    Step step = steps.get(index);
    boolean isUniqueIndex = step.schema() instanceof SchemaChange.CreateUniqueIndex;
    boolean isPlainInsert =
        step.data().filter(c -> c.verb() == Verb.INSERT).isPresent()
            && !DataChange.copies(step.statement());
    if (isProbing) {
      return isUniqueIndex || isPlainInsert ? End.DONE : End.UNSUITABLE;
    }
    if (isUniqueIndex && message.contains("UNIQUE")) {
      return End.DONE; // told by the rule for unique indexes
    }
    boolean isWrite = step.data().isPresent();
    if (isWrite && message.contains("CHECK constraint")) {
      losses.add(step.loss(Kind.MAY_FAIL_ON_ROWS, table(step), words(message)));
      database.run("PRAGMA ignore_check_constraints = on");
      return run(index, false);
    }
    if (isWrite && (message.contains("cannot store") || message.contains("datatype mismatch"))) {
      losses.add(step.loss(Kind.MAY_FAIL_ON_ROWS, table(step), words(message)));
      return End.NOT_NUMERIC;
    }
    boolean isIntoOld =
        step.data().filter(c -> c.verb() == Verb.INSERT && isWatched(c.table())).isPresent();
    if (isIntoOld && message.contains("constraint failed")) {
      losses.add(step.loss(Kind.MAY_FAIL_ON_ROWS, table(step), words(message)));
      return End.DONE;
    }
    Kind kind =
        step.schema() instanceof SchemaChange.AddColumn add && add.isNotNull() && !add.hasDefault()
            ? Kind.NOT_NULL_WITHOUT_DEFAULT
            : Kind.FAILS_ON_ROWS;
    losses.add(step.loss(kind, table(step), words(message)));
    return End.FAILED;
  }

  private boolean isWatched(String name) {
    return watched.stream().anyMatch(table -> table.name().equals(name));
  }

  private End failedAtCommit(int from, int end) {
    int at = end - 1;
    List<String> remedy = new ArrayList<>();
    for (int i = from; i < end; i++) {
      if (steps.get(i).schema() instanceof SchemaChange.DropTable drop) {
        at = i;
        watched.stream()
            .map(WatchedTable::shape)
            .filter(child -> !child.name().equalsIgnoreCase(drop.table()))
            .filter(
                child ->
                    child.foreignKeys().stream().anyMatch(k -> k.parent().equals(drop.table())))
            .forEach(child -> remedy.addAll(Remedies.moveAside(child)));
      }
    }
    losses.add(
        steps
            .get(at)
            .loss(
                Kind.FAILS_ON_ROWS,
                table(steps.get(at)),
                "D1 refuses to commit it, since rows would refer to missing ones",
                0,
                0,
                remedy));
    return End.FAILED;
  }

  /** SQLite's words without its code. */
  static String words(String message) {
    return message.replaceFirst("^\\[[A-Z_]+]\\s*", "").replaceFirst("^[^(]*\\((.*)\\)$", "$1");
  }

  private static String table(Step step) {
    SchemaChange schema = step.schema();
    if (schema instanceof SchemaChange.AddColumn add) {
      return add.table();
    }
    if (schema instanceof SchemaChange.DropTable drop) {
      return drop.table();
    }
    return step.data().map(DataChange::table).orElse("");
  }

  private void observe(int index) throws SQLException {
    Map<String, String> tables = new HashMap<>();
    for (List<@org.jspecify.annotations.Nullable Object> row :
        database.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
      String name = String.valueOf(row.get(0));
      tables.put(name.toLowerCase(Locale.ROOT), name);
    }
    for (WatchedTable table : watched) {
      boolean isUpdate =
          steps
              .get(index)
              .data()
              .filter(c -> c.verb() == Verb.UPDATE && c.table().equals(table.name()))
              .isPresent();
      table.observe(database, tables, index, isUpdate);
    }
  }
}
