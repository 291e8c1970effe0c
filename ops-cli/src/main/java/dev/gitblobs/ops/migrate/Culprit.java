package dev.gitblobs.ops.migrate;

import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.SqlDatabase.Refusal;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import dev.gitblobs.ops.migrate.SqlDatabase.Unanswered;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.sql.SqlStatement;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds which statement of a migration a database refuses: databases tell why, but not where. It
 * tries beginnings of the file and takes each back, so that nothing of it stays.
 */
final class Culprit {
  private final SqlDatabase database;
  private final Statement guard;
  private final Bundle bundle;
  private final Migration migration;

  /**
   * Of a bundle of one migration.
   *
   * @param guard begins each try
   */
  Culprit(SqlDatabase database, Statement guard, Bundle bundle) {
    this.database = database;
    this.guard = guard;
    this.bundle = bundle;
    this.migration = bundle.migrations().get(0);
  }

  /** What to tell: file, line, statement, and the database's own words. */
  OpsException blame(Refusal refusal) {
    String where;
    try {
      where = locate();
    } catch (Unanswered | ApiException e) {
      where = migration.name() + "; at which statement was not found out: " + e.getMessage();
    }
    return new OpsException(
        "The database refused " + where + "\n    " + refusal.getMessage(),
        "Nothing of this file was applied. Mend it and run the command again.",
        refusal);
  }

  private String locate() {
    List<SqlStatement> statements = migration.statements();
    int good = 0;
    int bad = statements.size() + 1;
    while (bad - good > 1) {
      int middle = (good + bad) / 2;
      if (passes(statements.subList(0, middle))) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    if (bad > statements.size()) {
      return migration.name() + " when it was to be committed: rows would refer to missing ones.";
    }
    SqlStatement culprit = statements.get(bad - 1);
    return migration.name() + ", line " + culprit.line() + ":\n    " + culprit.excerpt();
  }

  /** Tries these and takes them back. */
  private boolean passes(List<SqlStatement> statements) {
    List<Statement> all = new ArrayList<>();
    all.add(guard);
    statements.forEach(statement -> all.add(new Statement(statement.text())));
    all.add(RunLock.rollBack());
    try {
      if (bundle.needsImport()) {
        database.importText(SqlLiterals.script(all), step -> {});
      } else {
        database.batch(all);
      }
    } catch (Refusal refusal) {
      if (RunLock.isMoved(refusal)) {
        throw RunLock.moved(refusal);
      }
      return RunLock.isRolledBack(refusal);
    }
    throw new IllegalStateException("the statement that always fails did not");
  }
}
