package dev.gitblobs.ops.migrate;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.SqlDatabase.Refusal;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import dev.gitblobs.ops.migrate.SqlDatabase.Unanswered;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.sql.SqlStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One bundle's way into the database: guard, statements and ledger rows in one transaction. */
final class BundleCall {
  private final SqlDatabase database;
  private final RunLock lock;
  private final Author author;
  private final @Nullable String bookmark;

  BundleCall(SqlDatabase database, RunLock lock, Author author, @Nullable String bookmark) {
    this.database = database;
    this.lock = lock;
    this.author = author;
    this.bookmark = bookmark;
  }

  /**
   * Applies the bundle whole. When the database refuses one of several, they are applied one by
   * one, so that those before it stay and it can be named.
   *
   * @param ledger what the ledger holds
   * @return what it holds now
   * @throws OpsException when the database refuses a migration, or whether it took it is unknown
   */
  List<LedgerEntry> apply(Bundle bundle, List<LedgerEntry> ledger) {
    try {
      return send(bundle, ledger);
    } catch (Refusal refusal) {
      if (RunLock.isMoved(refusal)) {
        throw moved(refusal);
      }
      if (bundle.migrations().size() == 1) {
        throw refused(bundle, ledger, refusal);
      }
    }
    List<LedgerEntry> now = ledger;
    for (Migration migration : bundle.migrations()) {
      now = apply(new Bundle(List.of(migration)), now);
    }
    return now;
  }

  private List<LedgerEntry> send(Bundle bundle, List<LedgerEntry> ledger) {
    List<Statement> last = LedgerRows.applied(bundle.migrations(), author, bookmark);
    try {
      if (bundle.needsImport()) {
        importBundle(bundle, ledger, last);
        return Ledger.look(database);
      }
      List<Statement> all = new ArrayList<>();
      all.add(lock.guard(Ledger.tail(ledger)));
      bundle.statements().forEach(statement -> all.add(new Statement(statement.text())));
      all.addAll(last);
      return Ledger.readAfter(database, all);
    } catch (Unanswered e) {
      return settle(bundle, e);
    }
  }

  private void importBundle(Bundle bundle, List<LedgerEntry> ledger, List<Statement> last) {
    StringBuilder text = new StringBuilder();
    append(text, SqlLiterals.inline(lock.guard(Ledger.tail(ledger))));
    for (SqlStatement statement : bundle.statements()) {
      append(text, statement.text());
    }
    last.forEach(statement -> append(text, SqlLiterals.inline(statement)));
    database.importText(text.toString());
  }

  private static void append(StringBuilder text, String statement) {
    text.append(statement).append(";\n");
  }

  /** No answer came: the ledger knows whether it was committed. */
  private List<LedgerEntry> settle(Bundle bundle, Unanswered failure) {
    String names = names(bundle);
    List<LedgerEntry> now;
    try {
      now = Ledger.look(database);
    } catch (Unanswered | Refusal e) {
      throw new OpsException(
          "The connection was lost while " + names + " was applied: " + failure.getMessage(),
          "Run the same command again: it reads the ledger and goes on where this one ended.",
          failure);
    }
    Set<String> applied = now.stream().map(LedgerEntry::name).collect(Collectors.toSet());
    if (bundle.migrations().stream().allMatch(one -> applied.contains(one.name()))) {
      return now;
    }
    throw new OpsException(
        "The database did not answer, and has not applied " + names + ": " + failure.getMessage(),
        "Run the same command again.",
        failure);
  }

  private OpsException refused(Bundle bundle, List<LedgerEntry> ledger, Refusal refusal) {
    Migration migration = bundle.migrations().get(0);
    String where = migration.name();
    if (!bundle.needsImport()) {
      where = locate(migration, ledger);
    }
    return new OpsException(
        "The database refused " + where + "\n    " + refusal.getMessage(),
        "Nothing of this file was applied. Mend it and run the command again.",
        refusal);
  }

  /** File, line and text of the first statement that the database refuses. */
  private String locate(Migration migration, List<LedgerEntry> ledger) {
    List<SqlStatement> statements = migration.statements();
    int good = 0;
    int bad = statements.size() + 1;
    while (bad - good > 1) {
      int middle = (good + bad) / 2;
      if (passes(statements.subList(0, middle), ledger)) {
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
  private boolean passes(List<SqlStatement> statements, List<LedgerEntry> ledger) {
    List<Statement> all = new ArrayList<>();
    all.add(lock.guard(Ledger.tail(ledger)));
    statements.forEach(statement -> all.add(new Statement(statement.text())));
    all.add(RunLock.rollBack());
    try {
      database.batch(all);
      throw new IllegalStateException("the statement that always fails did not");
    } catch (Refusal refusal) {
      return RunLock.isRolledBack(refusal);
    }
  }

  private static String names(Bundle bundle) {
    return bundle.migrations().stream().map(Migration::name).collect(Collectors.joining(", "));
  }

  private static OpsException moved(Refusal refusal) {
    return new OpsException(
        "Another run or tool changed the ledger meanwhile; nothing of this call was applied.",
        "Run the command again: it goes on from what is there now.",
        refusal);
  }
}
