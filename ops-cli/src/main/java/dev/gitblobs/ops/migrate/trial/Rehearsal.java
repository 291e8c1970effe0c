package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.sql.D1Refusals;
import dev.gitblobs.ops.migrate.sql.DataChange;
import dev.gitblobs.ops.migrate.sql.SchemaChange;
import dev.gitblobs.ops.migrate.sql.SqlStatement;
import dev.gitblobs.ops.migrate.trial.Loss.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Migrations in front of an audience of sample rows: says what they would do to a database before
 * any database is touched. It goes along with the files: what was judged is then taken for applied.
 */
public final class Rehearsal implements AutoCloseable {
  private final TrialDatabase base;
  private final Set<String> hidden;

  /** Tables that have rows, lower case; null when that is not known and all are taken to. */
  private final @Nullable Set<String> filled;

  private Rehearsal(TrialDatabase base, Set<String> hidden, @Nullable Set<String> filled) {
    this.base = base;
    this.hidden = hidden;
    this.filled = filled;
  }

  /** Does beforehand what the first rehearsal of a process takes long for. */
  public static void load() {
    TrialDatabase.open().close();
  }

  /**
   * Of files that make a database from nothing.
   *
   * @param hidden tables that are no concern of migrations, lower case
   */
  public static Rehearsal fromNothing(Set<String> hidden) {
    return new Rehearsal(TrialDatabase.open(), hidden, null);
  }

  /**
   * Of files for a database that is there.
   *
   * @param definitions how its tables, indexes, triggers and views were made, in this order
   * @param filled names of the tables that have rows, lower case
   * @param hidden tables that are no concern of migrations, lower case
   */
  public static Rehearsal of(List<String> definitions, Set<String> filled, Set<String> hidden) {
    TrialDatabase database = TrialDatabase.open();
    for (String definition : definitions) {
      try {
        database.run(definition);
      } catch (SQLException e) {
        // What only that database can do, such as a module of its own, is left out here.
      }
    }
    return new Rehearsal(database, hidden, Set.copyOf(filled));
  }

  /**
   * Says what these would do, applied one after the other, and takes them for applied.
   *
   * @return losses in no order
   */
  public List<Loss> judge(List<Migration> pending) {
    List<Step> steps = Step.of(pending);
    boolean isHarmless = steps.stream().allMatch(Step::isHarmless);
    boolean isWhole = steps.stream().noneMatch(step -> isElsewhere(step.statement()));
    TrialDatabase prior = isHarmless || !isWhole ? null : base.copy();
    try {
      List<Loss> losses = new ArrayList<>();
      pending.forEach(migration -> apply(migration, losses));
      if (prior != null && losses.isEmpty()) {
        rehearse(prior, pending, steps, losses);
      }
      return losses;
    } finally {
      if (prior != null) {
        prior.close();
      }
    }
  }

  /** Takes these for applied, whatever they do. */
  public void apply(List<Migration> applied) {
    List<Loss> ignored = new ArrayList<>();
    applied.forEach(migration -> apply(migration, ignored));
  }

  private void apply(Migration migration, List<Loss> losses) {
    int known = losses.size();
    boolean hasPragma = false;
    try {
      boolean mayHaveRows = mayHaveRows();
      base.run("BEGIN");
      for (SqlStatement statement : migration.statements()) {
        Optional<String> refusal = statement.isOpen() ? Optional.empty() : refusal(statement);
        if (refusal.isPresent()) {
          losses.add(refused(migration, statement, refusal.get()));
        } else if (!isElsewhere(statement)) {
          apply(migration, statement, mayHaveRows, losses.size() == known, losses);
        }
        hasPragma |= statement.startsWith("PRAGMA");
      }
      commit(migration, mayHaveRows, losses);
      if (hasPragma) {
        resetPragmas(base);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the rehearsal of " + migration.name() + " broke off", e);
    }
  }

  private static Optional<String> refusal(SqlStatement statement) {
    return isElsewhere(statement) ? Optional.empty() : D1Refusals.of(statement);
  }

  /** What rules of their own tell about; it is not run. */
  private static boolean isElsewhere(SqlStatement statement) {
    SchemaChange change = dev.gitblobs.ops.migrate.sql.SchemaChanges.of(statement);
    return statement.isOpen()
        || change instanceof SchemaChange.Transaction
        || change instanceof SchemaChange.Forbidden;
  }

  private boolean mayHaveRows() throws SQLException {
    return filled == null
        ? !base.rows("SELECT 1 FROM sqlite_schema LIMIT 1").isEmpty()
        : !filled.isEmpty();
  }

  private void apply(
      Migration migration,
      SqlStatement statement,
      boolean mayHaveRows,
      boolean isFirst,
      List<Loss> losses) {
    try {
      base.run(statement.text());
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage());
      boolean dependsOnRows =
          mayHaveRows
              && DataChange.of(statement).isPresent()
              && message.contains("constraint failed");
      // What fails after the first is likely to fail because of it.
      if (isFirst && !dependsOnRows) {
        losses.add(refused(migration, statement, Trial.words(message)));
      }
    }
  }

  private void commit(Migration migration, boolean mayHaveRows, List<Loss> losses)
      throws SQLException {
    try {
      base.run("COMMIT");
    } catch (SQLException e) {
      base.run("ROLLBACK");
      if (mayHaveRows) {
        base.run("PRAGMA foreign_keys = off");
        for (SqlStatement statement : migration.statements()) {
          apply(migration, statement, true, false, losses);
        }
        base.run("PRAGMA foreign_keys = on");
        return;
      }
      losses.add(
          new Loss(
              Kind.REFUSED, migration, 1, "", "Rows would refer to missing ones", 0, 0, List.of()));
    }
  }

  private static Loss refused(Migration migration, SqlStatement statement, String words) {
    return new Loss(
        Kind.REFUSED,
        migration,
        statement.line(),
        "",
        words + " in: " + statement.excerpt(),
        0,
        0,
        List.of());
  }

  /** A migration leaves no settings behind. */
  static void resetPragmas(TrialDatabase database) throws SQLException {
    database.run("PRAGMA ignore_check_constraints = off");
    database.run("PRAGMA legacy_alter_table = off");
    database.run("PRAGMA recursive_triggers = off");
    database.run("PRAGMA case_sensitive_like = off");
    database.run("PRAGMA foreign_keys = on");
  }

  private void rehearse(
      TrialDatabase prior, List<Migration> pending, List<Step> steps, List<Loss> losses) {
    Shape before = ShapeReader.read(prior, hidden);
    Set<String> withRows = new LinkedHashSet<>(before.parentsFirst());
    if (filled != null) {
      withRows.retainAll(filled);
      if (withRows.isEmpty()) {
        return; // nobody has anything to lose
      }
    }
    FoundLosses found = new FoundLosses();
    try {
      Shape after = ShapeReader.read(base, hidden);
      Tries tries = new Tries(prior, before, withRows, steps, hidden, found);
      boolean isDone = tries.far();
      if (isDone) {
        ShapeLosses.find(steps, before, after).forEach(found::keep);
      }
      UntriedWrites untried = new UntriedWrites(before, withRows, steps, found);
      if (isDone
          && steps.stream().anyMatch(step -> step.data().isPresent() || step.touchesRows())) {
        tries.near(pending);
        untried.addWrites(tries);
        found.addUnknown(tries.doubts());
      }
      untried.addUnique();
    } catch (SQLException e) {
      throw new IllegalStateException("the rehearsal broke off", e);
    }
    losses.addAll(found.all());
  }

  @Override
  public void close() {
    base.close();
  }
}
