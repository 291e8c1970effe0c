package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.NO_PATIENCE;
import static dev.gitblobs.ops.migrate.Databases.file;
import static dev.gitblobs.ops.migrate.Databases.migrator;
import static dev.gitblobs.ops.migrate.Databases.tables;
import static dev.gitblobs.ops.migrate.Databases.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import dev.gitblobs.ops.migrate.file.Migration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do to the ledger by hand, on a database that has marks. */
final class LedgerCareTest {
  @TempDir private Path folder;
  private SqliteFile file;
  private MarkedDatabase database;
  private LedgerCare care;

  @BeforeEach
  void open() {
    file = SqliteFile.open(folder.resolve("x.sqlite"));
    database = new MarkedDatabase(file);
    care = new LedgerCare(database, Databases.AUTHOR, new Migrator.Watcher() {});
  }

  @AfterEach
  void close() {
    file.close();
  }

  private void heldBy(String owner) {
    Ledger.open(database);
    new RunLock(database, new LockOwner(owner), time -> {}).take(Duration.ZERO, holder -> {});
  }

  private List<String> owner() {
    return texts(database, "SELECT owner FROM _ops_lock");
  }

  /** The third goes alone, for it depends on rows: its mark is another one. */
  private void applyInTwoCalls() {
    List<Migration> files =
        List.of(
            file(1, "CREATE TABLE t1 (a)"),
            file(2, "CREATE TABLE t2 (a)"),
            file(3, "INSERT INTO t1 SELECT 'seed'"));
    Migrator.Outcome outcome = migrator(database).up(files, NO_PATIENCE);
    assertThat(outcome.calls()).isEqualTo(2);
    assertThat(outcome.bookmark()).isEqualTo("mark-1");
  }

  @Test
  void theWayBackUndoesWhatWasAppliedInTheSameCallAndLater() {
    applyInTwoCalls();
    WayBack before = care.wayBack("2");
    assertThat(before.bookmark()).isEqualTo("mark-1");
    assertThat(before.undone()).containsExactly("0001_x.sql", "0002_x.sql", "0003_x.sql");
    assertThat(before.together()).containsExactly("0001_x.sql", "0002_x.sql");
    assertThat(before.takenAt()).isNotNull();
    WayBack last = care.wayBack("0003_x.sql");
    assertThat(last.bookmark()).isEqualTo("mark-2");
    assertThat(last.undone()).containsExactly("0003_x.sql");
    assertThat(last.together()).isEmpty();
  }

  @Test
  void theWayBackToAMarkIsToldAsFarAsTheLedgerNamesIt() {
    applyInTwoCalls();
    assertThat(care.wayBackTo("mark-1")).isEqualTo(care.wayBack("1"));
    WayBack unknown = care.wayBackTo("somebody's");
    assertThat(unknown.undone()).isEmpty();
    assertThat(unknown.takenAt()).isNull();
    assertThat(care.writtenSince(unknown)).isEmpty();
  }

  @Test
  void takesAMarkOfItsOwnBeforeEachThatTheLintCallsRisky() {
    migrator(database)
        .up(
            List.of(
                file(1, "CREATE TABLE t1 (a, b)"),
                file(2, "CREATE TABLE t2 (a)"),
                file(3, "-- lint:allow drop-column reason=test\nALTER TABLE t1 DROP COLUMN b"),
                file(4, "CREATE TABLE t4 (a)")),
            NO_PATIENCE);
    assertThat(texts(database, "SELECT bookmark_before FROM _ops_migrations ORDER BY name"))
        .containsExactly("mark-1", "mark-1", "mark-2", "mark-3");
    assertThat(care.wayBack("3").undone()).containsExactly("0003_x.sql", "0004_x.sql");
  }

  @Test
  void countsWhatRowsSayWasWrittenSinceInEveryFormOfTime() {
    migrator(database)
        .up(
            List.of(
                file(
                    1,
                    "CREATE TABLE a (n, created_at INTEGER);"
                        + "CREATE TABLE b (n, updatedAt TEXT, created_at TEXT);"
                        + "CREATE TABLE c (n, expires_at INTEGER);"
                        + "CREATE TABLE d (n, modified REAL) ")),
            NO_PATIENCE);
    long hour = 3_600;
    long now = java.util.Objects.requireNonNull(care.wayBack("1").takenAt()) / 1000;
    for (String sql :
        List.of(
            "INSERT INTO a VALUES (1, " + (now + 1) + "), (2, " + (now - hour) + "), (3, NULL)",
            "INSERT INTO a VALUES (4, " + (now + 1) * 1000 + "), (5, " + (now - hour) * 1000 + ")",
            "INSERT INTO b VALUES (1, NULL, datetime(" + (now + 1) + ", 'unixepoch'))",
            "INSERT INTO b VALUES (2, strftime('%Y-%m-%dT%H:%M:%fZ', "
                + (now + 1)
                + ", 'unixepoch'), '2001-02-03')",
            "INSERT INTO b VALUES (3, 'never', '2001-02-03 04:05:06')",
            "INSERT INTO c VALUES (1, " + (now + hour) + ")",
            "INSERT INTO d VALUES (1, " + (now + 0.5) + ")")) {
      database.batch(List.of(new Statement(sql)));
    }
    assertThat(care.writtenSince(care.wayBack("1")))
        .containsExactly(
            new Written("a", 2L),
            new Written("b", 2L),
            new Written("c", null),
            new Written("d", 1L));
  }

  @Test
  void thereIsNoWayBackBeforeWhatIsNotAppliedOrHasNoMark() {
    applyInTwoCalls();
    assertThatThrownBy(() -> care.wayBack("4"))
        .isInstanceOf(OpsException.class)
        .hasMessage("The migration '4' is not applied.");
    database.batch(
        List.of(new Statement("INSERT INTO d1_migrations (name) VALUES ('0004_w.sql')")));
    assertThatThrownBy(() -> care.wayBack("4"))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("No bookmark was recorded before 0004_w.sql");
  }

  @Test
  void goingBackRemovesTheLockThatComesBackWithTheMark() {
    heldBy("elsewhere/7/1");
    assertThat(care.restore("mark-1")).isEqualTo("undo-mark-1");
    assertThat(database.restored()).containsExactly("mark-1");
    assertThat(owner()).isEmpty();
  }

  @Test
  void repairTakesTheLockFromWhoeverHoldsItWhenAskedTo() {
    heldBy("elsewhere/7/1");
    assertThat(care.repair(List.of(), true, false))
        .containsExactly(new LedgerCare.Mended("break-lock", "process 7 on elsewhere"));
    assertThat(owner()).as("and gives it back").isEmpty();
  }

  @Test
  void repairBreaksNoLockUnasked() {
    Ledger.open(database);
    assertThat(care.repair(List.of(), false, false)).isEmpty();
    assertThat(owner()).isEmpty();
    heldBy("elsewhere/7/1");
    assertThat(care.repair(List.of(), true, true)).as("a dry run").isEmpty();
    assertThat(owner()).containsExactly("elsewhere/7/1");
  }

  @Test
  void repairSaysWhichDetailsItForgot() {
    applyInTwoCalls();
    database.batch(List.of(new Statement("DELETE FROM d1_migrations WHERE name = '0002_x.sql'")));
    List<Migration> files =
        List.of(file(1, "CREATE TABLE t1 (a)"), file(3, "INSERT INTO t1 SELECT 'seed'"));
    assertThat(care.repair(files, false, false))
        .containsExactly(new LedgerCare.Mended("forget-details", "0002_x.sql"));
  }

  @Test
  void repairOfALedgerThatIsMissingMakesItAndMendsNothing() {
    assertThat(care.repair(tables(1), true, false)).isEmpty();
    assertThat(texts(database, "SELECT count(*) FROM d1_migrations")).containsExactly("0");
  }

  @Test
  void aBaselineRecordsUpToTheNamedOneAndGivesTheLockBack() {
    assertThat(care.baseline(tables(3), "2")).containsExactly("0001_x.sql", "0002_x.sql");
    assertThat(owner()).isEmpty();
    assertThat(care.baseline(tables(3), "2")).as("it is there already").isEmpty();
    assertThat(care.baseline(tables(3), "3")).containsExactly("0003_x.sql");
    assertThat(texts(database, "SELECT count(bookmark_before) FROM _ops_migrations"))
        .as("nothing ran, so there is nothing to go back to")
        .containsExactly("0");
  }
}
