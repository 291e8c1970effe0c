package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The row that one run at a time holds while it changes the ledger. It has an owner and expires by
 * the database's own clock, so a run that was killed blocks nobody for long. The lock is courtesy;
 * what keeps two runs from harming each other is the {@link #guard}, which is part of each
 * transaction.
 */
final class RunLock {
  /**
   * Longer than any call may take, so that a living run never loses it. An import may take longer,
   * but D1 lets nobody in meanwhile, and its own guard begins the life anew.
   */
  static final Duration LIFE = Duration.ofSeconds(90);

  /** The constraints' names come back in the database's error: that is how a failure is told. */
  static final String TABLE =
      "CREATE TABLE IF NOT EXISTS _ops_lock (id INTEGER PRIMARY KEY"
          + " CONSTRAINT ops_rolled_back CHECK (id = 1), owner TEXT NOT NULL,"
          + " expires_at INTEGER NOT NULL,"
          + " unmoved INTEGER NOT NULL CONSTRAINT ops_ledger_moved CHECK (unmoved = 1))";

  private static final Statement HOLDER =
      new Statement("SELECT owner, max(0, expires_at - unixepoch()) AS seconds FROM _ops_lock");

  private static final String MOVED = "ops_ledger_moved";
  private static final String ROLLED_BACK = "ops_rolled_back";
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final SqlDatabase database;
  private final LockOwner owner;
  private final Consumer<Duration> sleep;

  RunLock(SqlDatabase database, LockOwner owner, Consumer<Duration> sleep) {
    this.database = database;
    this.owner = owner;
    this.sleep = sleep;
  }

  /**
   * Takes the lock and reads the ledger in the same transaction; their tables are made where they
   * are missing.
   *
   * @param patience how long to wait for another run
   * @param waiting told once who is waited for
   * @throws OpsException when another run still has it then
   */
  List<LedgerEntry> take(Duration patience, Consumer<String> waiting) {
    String abandoned = "";
    for (Duration waited = Duration.ZERO; ; waited = waited.plus(PAUSE)) {
      List<Statement> all = new ArrayList<>(Ledger.tables(database));
      int made = all.size();
      all.addAll(List.of(tryTake(abandoned), HOLDER, Ledger.entries(database)));
      List<List<JsonNode>> rows = database.batch(all);
      JsonNode holder = rows.get(made + 1).get(0);
      String held = holder.path("owner").asText();
      if (held.equals(owner.id())) {
        return Ledger.entriesOf(rows.get(made + 2));
      }
      if (LockOwner.isGone(held) && !held.equals(abandoned)) {
        abandoned = held;
        continue;
      }
      if (waited.compareTo(patience) >= 0) {
        throw new OpsException(
            "Another run is changing this database: "
                + LockOwner.describe(held)
                + " holds the lock for "
                + holder.path("seconds").asLong()
                + " s more.",
            "Wait until it is done and run the command again. If that run is dead, its lock"
                + " expires by itself, or relayctl migrate repair --break-lock removes it.");
      }
      if (waited.isZero()) {
        waiting.accept(LockOwner.describe(held));
      }
      sleep.accept(PAUSE);
    }
  }

  /**
   * The statement that begins each transaction: it renews the lock, and fails, with all that
   * follows, when the lock is another's now or the ledger is not what was read.
   *
   * @param tail {@link Ledger#tail} of what was read
   */
  Statement guard(String tail) {
    return new Statement(
        "INSERT INTO _ops_lock (id, owner, expires_at, unmoved) SELECT 1, ?, unixepoch() + ?,"
            + " EXISTS (SELECT 1 FROM _ops_lock WHERE owner = ?)"
            + " AND (SELECT count(*) || ':' || coalesce(max(id), 0) FROM "
            + Ledger.name(database)
            + ") = ?"
            + " WHERE true ON CONFLICT (id) DO UPDATE"
            + " SET expires_at = excluded.expires_at, unmoved = excluded.unmoved",
        List.of(owner.id(), LIFE.toSeconds(), owner.id(), tail));
  }

  /** Begins the lock's life anew; nothing happens when it is another's. */
  Statement renew() {
    return new Statement(
        "UPDATE _ops_lock SET expires_at = unixepoch() + ? WHERE owner = ?",
        List.of(LIFE.toSeconds(), owner.id()));
  }

  /** Gives the lock back; nothing happens when it is another's. */
  Statement release() {
    return new Statement("DELETE FROM _ops_lock WHERE owner = ?", List.of(owner.id()));
  }

  /** Removes the lock, whoever has it. */
  static Statement breakIt() {
    return new Statement("DELETE FROM _ops_lock RETURNING owner");
  }

  /** A statement that always fails and so undoes its transaction. */
  static Statement rollBack() {
    return new Statement(
        "INSERT INTO _ops_lock (id, owner, expires_at, unmoved) VALUES (2, '', 0, 1)");
  }

  /** Whether it was {@link #guard} that failed. */
  static boolean isMoved(SqlDatabase.Refusal refusal) {
    return String.valueOf(refusal.getMessage()).contains(MOVED);
  }

  /** What to tell when it was {@link #guard} that failed. */
  static OpsException moved(SqlDatabase.Refusal refusal) {
    return new OpsException(
        "Another run or tool changed the ledger meanwhile; nothing of this call was applied.",
        "Run the command again: it goes on from what is there now.",
        refusal);
  }

  /** Whether it was {@link #rollBack} that failed, and so nothing before it. */
  static boolean isRolledBack(SqlDatabase.Refusal refusal) {
    return String.valueOf(refusal.getMessage()).contains(ROLLED_BACK);
  }

  private Statement tryTake(String abandoned) {
    return new Statement(
        "INSERT INTO _ops_lock (id, owner, expires_at, unmoved)"
            + " VALUES (1, ?, unixepoch() + ?, 1) ON CONFLICT (id) DO UPDATE"
            + " SET owner = excluded.owner, expires_at = excluded.expires_at"
            + " WHERE _ops_lock.expires_at <= unixepoch() OR _ops_lock.owner = ?",
        List.of(owner.id(), LIFE.toSeconds(), abandoned));
  }
}
