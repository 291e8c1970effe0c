package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.MigrationState.State;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import dev.gitblobs.ops.migrate.file.Migration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What operators do to the record of migrations by hand: mend it, begin it, go back in time. */
public final class LedgerCare {
  private final SqlDatabase database;
  private final Author author;
  private final Migrator.Watcher watcher;

  /** Cares for that database's ledger in that name. */
  public LedgerCare(SqlDatabase database, Author author, Migrator.Watcher watcher) {
    this.database = database;
    this.author = author;
    this.watcher = watcher;
  }

  /**
   * One thing mended.
   *
   * @param action {@code record-edit}, {@code adopt}, {@code forget-details} or {@code break-lock}
   * @param name the migration, or who held the lock
   */
  public record Mended(String action, String name) {}

  /**
   * Makes the side table agree with files and ledger: records edited files as they are now, adopts
   * what another tool applied, forgets details of what the ledger does not have. The ledger itself
   * stays.
   *
   * @param breakLock whether to take the lock from whoever holds it, first
   * @param dryRun whether to change nothing
   */
  public List<Mended> repair(List<Migration> files, boolean breakLock, boolean dryRun) {
    List<Mended> mended = new ArrayList<>();
    if (dryRun) {
      toMend(new Survey(files, Ledger.look(database)), mended);
      return mended;
    }
    Ledger.open(database);
    if (breakLock) {
      for (JsonNode row : database.batch(List.of(RunLock.breakIt())).get(0)) {
        mended.add(new Mended("break-lock", LockOwner.describe(row.path("owner").asText())));
      }
    }
    RunLock lock = new RunLock(database, LockOwner.ofThisRun(), watcher::sleep);
    Survey survey =
        new Survey(files, lock.take(Migrator.Options.DEFAULT.patience(), watcher::waiting));
    List<Migration> details = toMend(survey, mended);
    List<List<JsonNode>> rows =
        database.batch(
            List.of(
                lock.guard(Ledger.tail(survey.entries())),
                LedgerRows.checksums(details, author),
                LedgerRows.removeOrphans(database),
                lock.release()));
    rows.get(2).forEach(row -> mended.add(new Mended("forget-details", row.path("name").asText())));
    return mended;
  }

  /**
   * Records migrations as applied without running them, for a database whose tables were made in
   * another way.
   *
   * @param to name or number of the last one
   * @return the names recorded now
   */
  public List<String> baseline(List<Migration> files, String to) {
    RunLock lock = new RunLock(database, LockOwner.ofThisRun(), watcher::sleep);
    Survey survey =
        new Survey(files, lock.take(Migrator.Options.DEFAULT.patience(), watcher::waiting));
    Migration last = survey.file(to);
    List<Migration> recorded =
        survey.pending().stream().filter(file -> Migration.ORDER.compare(file, last) <= 0).toList();
    List<Statement> statements = new ArrayList<>();
    statements.add(lock.guard(Ledger.tail(survey.entries())));
    if (!recorded.isEmpty()) {
      statements.addAll(LedgerRows.applied(database, recorded, author, null));
    }
    statements.add(lock.release());
    database.batch(statements);
    return recorded.stream().map(Migration::name).toList();
  }

  /**
   * The mark from before a migration. Those that were applied in the same call go with it. Only the
   * ledger is asked: this checkout may not have the file.
   *
   * @throws OpsException when it is not applied, or no mark was recorded
   */
  public WayBack wayBack(String nameOrNumber) {
    return WayBack.before(nameOrNumber, Ledger.look(database));
  }

  /** What going back to that mark means, which need not be one that the ledger names. */
  public WayBack wayBackTo(String bookmark) {
    return WayBack.to(bookmark, Ledger.look(database));
  }

  /**
   * How many rows each table says were written since that mark was taken.
   *
   * @return empty when the mark's time is not known
   */
  public List<Written> writtenSince(WayBack way) {
    return way.takenAt() == null ? List.of() : WrittenSince.count(database, way.takenAt());
  }

  /**
   * Brings the database back to a mark. The mark was taken by a run that held the lock, so the lock
   * that comes back with it is removed.
   *
   * @return a mark that undoes this
   */
  public String restore(String bookmark) {
    String undo = database.restore(bookmark);
    Ledger.open(database);
    database.batch(List.of(RunLock.breakIt()));
    return undo;
  }

  /** Adds what is to mend and returns the files whose details have to be written. */
  private static List<Migration> toMend(Survey survey, List<Mended> mended) {
    Set<String> changed = survey.in(State.CHANGED);
    List<Migration> details = new ArrayList<>();
    for (MigrationState state : survey.states()) {
      boolean isUnknown = state.state() == State.APPLIED && state.tool() == null;
      if (changed.contains(state.name()) || isUnknown) {
        mended.add(new Mended(isUnknown ? "adopt" : "record-edit", state.name()));
        details.add(survey.file(state.name()));
      }
    }
    return details;
  }
}
