package dev.gitblobs.ops.migrate;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.SqlDatabase.Refusal;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import dev.gitblobs.ops.migrate.SqlDatabase.Unanswered;
import dev.gitblobs.ops.migrate.file.Migration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One bundle's way into the database: guard, statements and ledger rows in one transaction. */
final class BundleCall {
  private final SqlDatabase database;
  private final RunLock lock;
  private final Author author;
  private final @Nullable String bookmark;
  private final Consumer<Step> steps;

  /**
   * A call by the run that holds that lock.
   *
   * @param bookmark the database's mark before it
   * @param steps told how far an import is
   */
  BundleCall(
      SqlDatabase database,
      RunLock lock,
      Author author,
      @Nullable String bookmark,
      Consumer<Step> steps) {
    this.database = database;
    this.lock = lock;
    this.author = author;
    this.bookmark = bookmark;
    this.steps = steps;
  }

  /**
   * Applies the bundle whole.
   *
   * @param ledger what the ledger holds
   * @return what it holds now; empty when the database refuses one of several, so that nothing was
   *     done and they have to be applied one by one to find it
   * @throws OpsException when the database refuses the only one, or whether it took it is unknown
   */
  Optional<List<LedgerEntry>> apply(Bundle bundle, List<LedgerEntry> ledger) {
    try {
      return Optional.of(send(bundle, ledger));
    } catch (Refusal refusal) {
      if (RunLock.isMoved(refusal)) {
        throw RunLock.moved(refusal);
      }
      if (bundle.migrations().size() > 1) {
        return Optional.empty();
      }
      Statement guard = lock.guard(Ledger.tail(ledger));
      throw new Culprit(database, guard, bundle).blame(refusal);
    }
  }

  private List<LedgerEntry> send(Bundle bundle, List<LedgerEntry> ledger) {
    List<Statement> all = new ArrayList<>();
    all.add(lock.guard(Ledger.tail(ledger)));
    bundle.statements().forEach(statement -> all.add(new Statement(statement.text())));
    all.addAll(LedgerRows.applied(database, bundle.migrations(), author, bookmark));
    try {
      if (!bundle.needsImport()) {
        return Ledger.readAfter(database, all);
      }
      database.importText(SqlLiterals.script(all), this::importStep);
      return Ledger.look(database);
    } catch (Unanswered e) {
      return settle(bundle, e);
    }
  }

  /** An upload may take longer than the lock lives; while D1 runs it, nobody else gets in. */
  private void importStep(Step step) {
    if (step == Step.IMPORT_UPLOADED) {
      database.batch(List.of(lock.renew()));
    }
    steps.accept(step);
  }

  /** No answer came: the ledger knows whether it was committed. */
  private List<LedgerEntry> settle(Bundle bundle, Unanswered failure) {
    String names =
        bundle.migrations().stream().map(Migration::name).collect(Collectors.joining(", "));
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
        "The database did not answer while "
            + names
            + " was applied, and its ledger does not have it so far: "
            + failure.getMessage(),
        bundle.needsImport()
            ? "D1 may still be importing it: wait until relayctl migrate info answers, then run"
                + " the same command again. Nothing is ever applied twice."
            : "Run the same command again. Nothing is ever applied twice.",
        failure);
  }
}
