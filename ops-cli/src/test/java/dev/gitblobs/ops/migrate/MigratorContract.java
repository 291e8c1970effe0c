package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.NO_PATIENCE;
import static dev.gitblobs.ops.migrate.Databases.file;
import static dev.gitblobs.ops.migrate.Databases.migrator;
import static dev.gitblobs.ops.migrate.Databases.tables;
import static dev.gitblobs.ops.migrate.Databases.tablesOf;
import static dev.gitblobs.ops.migrate.Databases.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.MigrationState.State;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import dev.gitblobs.ops.migrate.file.Migration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What holds on every kind of database. */
abstract class MigratorContract {
  /** The database under test, empty at first; opened again it is the same one. */
  abstract SqlDatabase database();

  @Test
  void appliesWhatIsPendingAndThenNothing() {
    Migrator migrator = migrator(database());
    Migrator.Outcome first = migrator.up(tables(3), NO_PATIENCE);
    assertThat(first.applied()).containsExactly("0001_x.sql", "0002_x.sql", "0003_x.sql");
    assertThat(first.calls()).isEqualTo(1);
    assertThat(tablesOf(database())).containsExactly("t1", "t2", "t3");
    assertThat(migrator.up(tables(3), NO_PATIENCE).applied()).isEmpty();
    assertThat(migrator.up(tables(5), NO_PATIENCE).applied()).hasSize(2);
  }

  @Test
  void stopsAfterTheNamedMigration() {
    Migrator migrator = migrator(database());
    Migrator.Options toTwo = new Migrator.Options("2", false, Duration.ZERO);
    Migrator.Outcome outcome = migrator.up(tables(4), toTwo);
    assertThat(outcome.applied()).hasSize(2);
    assertThat(outcome.pending()).isEqualTo(2);
    assertThatThrownBy(
            () -> migrator.up(tables(4), new Migrator.Options("9", false, Duration.ZERO)))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("no migration '9'");
  }

  @Test
  void lookingWritesNothing() {
    assertThat(migrator(database()).survey(tables(1)).states())
        .extracting(MigrationState::state)
        .containsExactly(State.PENDING);
    assertThat(texts(database(), "SELECT name FROM sqlite_schema WHERE name LIKE '%migrations'"))
        .isEmpty();
  }

  @Test
  void recordsWhoAppliedWhatWhenAndFromWhichCommit() {
    migrator(database()).up(tables(1), NO_PATIENCE);
    MigrationState state = migrator(database()).survey(tables(1)).states().get(0);
    assertThat(state.state()).isEqualTo(State.APPLIED);
    assertThat(state.actor()).isEqualTo("tester");
    assertThat(state.tool()).isEqualTo("relayctl test");
    assertThat(state.gitSha()).isEqualTo("0123abc");
    assertThat(state.appliedAt()).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
    assertThat(state.durationMs()).isNotNull().isNotNegative();
  }

  @Test
  void refusesAMigrationThatWasEditedAfterItWasApplied() {
    migrator(database()).up(List.of(file(1, "CREATE TABLE t1 (a)")), NO_PATIENCE);
    List<Migration> edited = List.of(file(1, "CREATE TABLE t1 (a, b)"), file(2, "SELECT 1"));
    assertThat(migrator(database()).survey(edited).in(State.CHANGED)).containsExactly("0001_x.sql");
    assertThatThrownBy(() -> migrator(database()).up(edited, NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("0001_x.sql was edited after it was applied");
  }

  @Test
  void takesRemarksAndLineEndsForNoEdit() {
    migrator(database()).up(List.of(file(1, "CREATE TABLE t1\n(a);")), NO_PATIENCE);
    List<Migration> remarked = List.of(file(1, "-- why\r\nCREATE TABLE t1\r\n(a)"));
    assertThat(migrator(database()).survey(remarked).in(State.CHANGED)).isEmpty();
  }

  @Test
  void refusesWhenTheLedgerHasAMigrationWithoutAFile() {
    migrator(database()).up(tables(2), NO_PATIENCE);
    List<Migration> withoutSecond = List.of(tables(1).get(0), file(3, "SELECT 1"));
    assertThat(migrator(database()).survey(withoutSecond).in(State.MISSING))
        .containsExactly("0002_x.sql");
    assertThatThrownBy(() -> migrator(database()).up(withoutSecond, NO_PATIENCE))
        .hasMessageContaining("no such file");
  }

  @Test
  void refusesALateMigrationUnlessThatIsAskedFor() {
    migrator(database()).up(List.of(file(1, "SELECT 1"), file(3, "SELECT 3")), NO_PATIENCE);
    List<Migration> all = List.of(file(1, "SELECT 1"), file(2, "SELECT 2"), file(3, "SELECT 3"));
    assertThatThrownBy(() -> migrator(database()).up(all, NO_PATIENCE))
        .hasMessageContaining("0002_x.sql is not applied, but a later migration is");
    Migrator.Options anyOrder = new Migrator.Options(null, true, Duration.ZERO);
    assertThat(migrator(database()).up(all, anyOrder).applied()).containsExactly("0002_x.sql");
  }

  @Test
  void refusesEditedAndMissingMigrationsInAnyOrderToo() {
    Migrator.Options anyOrder = new Migrator.Options(null, true, Duration.ZERO);
    migrator(database()).up(tables(2), NO_PATIENCE);
    List<Migration> edited = List.of(file(1, "CREATE TABLE t1 (b)"), file(2, "SELECT 1"));
    assertThatThrownBy(() -> migrator(database()).up(edited, anyOrder))
        .hasMessageContaining("0001_x.sql was edited after it was applied");
    assertThatThrownBy(() -> migrator(database()).up(tables(1), anyOrder))
        .hasMessageContaining("The database has 0002_x.sql, but there is no such file");
  }

  @Test
  void refusesBeforeAnythingIsAppliedWhatTheDatabaseWouldRefuse() {
    List<Migration> files = new ArrayList<>(tables(2));
    files.add(file(3, "CREATE TABLE t3 (a);\n\n-- a remark\nCREATE TABLE t1 (b);"));
    assertThatThrownBy(() -> migrator(database()).up(files, NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("0003_x.sql:4 d1-refuses")
        .hasMessageContaining("CREATE TABLE t1 (b)")
        .hasMessageContaining("already exists");
    assertThat(tablesOf(database())).isEmpty();
  }

  /** Only the database knows that its rows collide. */
  private static final Migration COLLIDING =
      file(3, "CREATE TABLE t3 (a);\n\n-- a remark\nCREATE UNIQUE INDEX u ON t0 (a);");

  private void haveCollidingRows() {
    database()
        .batch(
            List.of(
                new Statement("CREATE TABLE t0 (a TEXT)"),
                new Statement("INSERT INTO t0 VALUES ('x'), ('x')")));
  }

  @Test
  void namesFileLineAndStatementThatTheDatabaseRefusesAndKeepsThoseBefore() {
    haveCollidingRows();
    List<Migration> files = new ArrayList<>(tables(2));
    files.add(COLLIDING);
    files.add(file(4, "CREATE TABLE t5 (a)"));
    assertThatThrownBy(() -> migrator(database()).up(files, NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("0003_x.sql, line 4:")
        .hasMessageContaining("CREATE UNIQUE INDEX u ON t0 (a)")
        .hasMessageContaining("UNIQUE constraint failed");
    assertThat(tablesOf(database())).containsExactly("t0", "t1", "t2");
    assertThat(migrator(database()).survey(files).pending()).hasSize(2);
    assertThat(texts(database(), "SELECT owner FROM _ops_lock")).isEmpty();
    assertThat(texts(database(), "SELECT count(duration_ms) FROM _ops_migrations"))
        .as("what was applied before is recorded as fully as in a run without failure")
        .containsExactly("2");
  }

  @Test
  void tellsWhatIsAppliedAsSoonAsItIsCommitted() {
    haveCollidingRows();
    List<Migration> files = new ArrayList<>(tables(2));
    files.add(COLLIDING);
    List<String> told = new ArrayList<>();
    Migrator migrator =
        new Migrator(
            database(),
            Databases.AUTHOR,
            new Migrator.Watcher() {
              @Override
              public void applied(List<Migration> now, int done, int all) {
                now.forEach(one -> told.add(one.name() + " " + done + "/" + all));
              }
            });
    assertThatThrownBy(() -> migrator.up(files, NO_PATIENCE)).isInstanceOf(OpsException.class);
    assertThat(told).containsExactly("0001_x.sql 1/3", "0002_x.sql 2/3");
  }

  @Test
  void namesLineAndStatementOfAnImportThatIsRefused() {
    String sql = LargeImport.file().sql();
    int line = (int) sql.lines().count() + 1;
    database()
        .batch(
            List.of(
                new Statement("CREATE TABLE t0 (a TEXT PRIMARY KEY)"),
                new Statement("INSERT INTO t0 VALUES ('?')")));
    Migration bad = file(1, sql + "INSERT INTO t0 VALUES ('?');\nCREATE TABLE t2 (a);");
    assertThatThrownBy(() -> migrator(database()).up(List.of(bad), NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("0001_x.sql, line " + line + ":")
        .hasMessageContaining("INSERT INTO t0 VALUES ('?')")
        .hasMessageContaining("UNIQUE constraint failed");
    assertThat(tablesOf(database())).containsExactly("t0");
  }

  @Test
  void blamesNoStatementWhenTheLedgerMovesWhileTheBadOneIsSought() {
    SqlDatabase database = database();
    Ledger.open(database);
    RunLock lock = new RunLock(database, LockOwner.ofThisRun(), time -> {});
    Statement guard = lock.guard(Ledger.tail(lock.take(Duration.ZERO, holder -> {})));
    database.batch(List.of(new Statement("INSERT INTO d1_migrations (name) VALUES ('w.sql')")));
    Culprit culprit = new Culprit(database, guard, new Bundle(tables(1)));
    assertThatThrownBy(() -> culprit.blame(new SqlDatabase.Refusal("no", new Exception())))
        .hasMessageContaining("Another run or tool changed the ledger");
  }

  @Test
  void holdsAgainstTriggersStringsAndMissingSemicolons() {
    Migration tricky =
        file(
            1,
            """
            CREATE TABLE t1 (a);
            CREATE TRIGGER g AFTER INSERT ON t1 BEGIN
              UPDATE t1 SET a = CASE new.a WHEN 'x;' THEN 'y' ELSE ';--' END;
            END;
            INSERT INTO t1 VALUES ('x;') -- the end"""
                .replace("\n", "\r\n"));
    migrator(database()).up(List.of(tricky), NO_PATIENCE);
    assertThat(texts(database(), "SELECT a FROM t1")).containsExactly("y");
  }

  @Test
  void leavesWithAMessageWhileAnotherRunHoldsTheLock() {
    Ledger.open(database());
    RunLock other = new RunLock(database(), new LockOwner("elsewhere/1/2"), time -> {});
    other.take(Duration.ZERO, holder -> {});
    assertThatThrownBy(() -> migrator(database()).up(tables(1), NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("process 1 on elsewhere");
    assertThat(tablesOf(database())).isEmpty();
  }

  @Test
  void takesTheLockOfARunThatExpired() {
    Ledger.open(database());
    new RunLock(database(), new LockOwner("elsewhere/1/2"), time -> {})
        .take(Duration.ZERO, holder -> {});
    database().batch(List.of(new Statement("UPDATE _ops_lock SET expires_at = unixepoch()")));
    assertThat(migrator(database()).up(tables(1), NO_PATIENCE).applied()).hasSize(1);
  }

  @Test
  void appliesNothingOfACallWhenAnotherToolMovedTheLedgerMeanwhile() {
    SqlDatabase database = database();
    Migrator interrupted =
        new Migrator(
            database,
            Databases.AUTHOR,
            new Migrator.Watcher() {
              @Override
              public void at(Step step) {
                if (step == Step.BOOKMARKED) {
                  database.batch(
                      List.of(new Statement("INSERT INTO d1_migrations (name) VALUES ('w.sql')")));
                }
              }
            });
    assertThatThrownBy(() -> interrupted.up(tables(2), NO_PATIENCE))
        .hasMessageContaining("Another run or tool changed the ledger");
    assertThat(tablesOf(database)).isEmpty();
  }

  @Test
  void letsTwoRunsAtOnceApplyEachMigrationOnce() throws Exception {
    ExecutorService runners = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> runs = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        runs.add(
            runners.submit(
                () ->
                    migrator(database()).up(tables(9), Migrator.Options.DEFAULT).applied().size()));
      }
      assertThat(runs.get(0).get() + runs.get(1).get()).isEqualTo(9);
    } finally {
      runners.shutdown();
    }
    assertThat(texts(database(), "SELECT count(*) FROM d1_migrations")).containsExactly("9");
  }

  @Test
  void importsWhatIsTooLargeForACall() {
    List<Migration> files = List.of(LargeImport.file(), file(2, "CREATE TABLE t2 (a)"));
    assertThat(migrator(database()).up(files, NO_PATIENCE).applied()).hasSize(2);
    assertThat(texts(database(), "SELECT count(*) FROM t1"))
        .containsExactly(String.valueOf(LargeImport.ROWS));
    assertThat(migrator(database()).survey(files).in(State.APPLIED)).hasSize(2);
  }

  @Test
  void recordsMigrationsWithoutRunningThemAsABaseline() {
    LedgerCare care = new LedgerCare(database(), Databases.AUTHOR, new Migrator.Watcher() {});
    assertThat(care.baseline(tables(3), "0002")).containsExactly("0001_x.sql", "0002_x.sql");
    assertThat(tablesOf(database())).isEmpty();
    assertThat(migrator(database()).up(tables(3), NO_PATIENCE).applied())
        .containsExactly("0003_x.sql");
  }

  @Test
  void mendsEditedAdoptedAndForgottenDetails() {
    migrator(database()).up(tables(1), NO_PATIENCE);
    database()
        .batch(
            List.of(
                new Statement("INSERT INTO d1_migrations (name) VALUES ('0002_x.sql')"),
                new Statement(
                    "INSERT INTO _ops_migrations (name, sha256, statements, started_at, actor,"
                        + " tool) VALUES ('0009_gone.sql', '', 1, 0, 'x', 'y')")));
    List<Migration> files = List.of(file(1, "CREATE TABLE t1 (other)"), file(2, "SELECT 1"));
    LedgerCare care = new LedgerCare(database(), Databases.AUTHOR, new Migrator.Watcher() {});
    assertThat(care.repair(files, false, true)).hasSize(2);
    assertThat(care.repair(files, false, false))
        .extracting(LedgerCare.Mended::action)
        .containsExactly("record-edit", "adopt", "forget-details");
    assertThat(migrator(database()).survey(files).in(State.APPLIED)).hasSize(2);
  }
}
