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
import dev.gitblobs.ops.migrate.MarkedDatabase.Loss;
import dev.gitblobs.ops.migrate.file.Migration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run makes of calls whose answers never come. */
final class LostAnswersTest {
  @TempDir private Path folder;
  private SqliteFile file;
  private MarkedDatabase database;

  @BeforeEach
  void open() {
    file = SqliteFile.open(folder.resolve("x.sqlite"));
    database = new MarkedDatabase(file);
  }

  @AfterEach
  void close() {
    file.close();
  }

  /** What neither files nor a schema tell: only the database itself can refuse that row again. */
  private void somebodyHasTakenTheKey() {
    file.batch(
        List.of(
            new SqlDatabase.Statement("CREATE TABLE keys (a TEXT PRIMARY KEY)"),
            new SqlDatabase.Statement("INSERT INTO keys VALUES ('taken')")));
  }

  private static String remedy(Throwable failure) {
    return ((OpsException) failure).remedy();
  }

  @Test
  void aCallThatWasDoneAllTheSameCounts() {
    database.lose("CREATE TABLE t1", Loss.AFTER);
    assertThat(migrator(database).up(tables(2), NO_PATIENCE).applied()).hasSize(2);
    assertThat(tablesOf(file)).containsExactly("t1", "t2");
    assertThat(texts(file, "SELECT count(*) FROM _ops_lock")).containsExactly("0");
  }

  @Test
  void aCallThatWasNotDoneIsToBeRunAgain() {
    database.lose("CREATE TABLE t1", Loss.BEFORE);
    assertThatThrownBy(() -> migrator(database).up(tables(2), NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("did not answer while 0001_x.sql, 0002_x.sql was applied")
        .hasMessageContaining("the line is cut")
        .satisfies(failure -> assertThat(remedy(failure)).startsWith("Run the same command"));
    assertThat(texts(file, "SELECT count(*) FROM _ops_lock"))
        .as("the lock is given back after a failure")
        .containsExactly("0");
    assertThat(migrator(database).up(tables(2), NO_PATIENCE).applied()).hasSize(2);
  }

  @Test
  void anImportWithoutAnAnswerMayStillGoOn() {
    database.lose("CREATE TABLE t1", Loss.BEFORE);
    assertThatThrownBy(() -> migrator(database).up(List.of(LargeImport.file()), NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .satisfies(failure -> assertThat(remedy(failure)).startsWith("D1 may still be importing"));
  }

  @Test
  void anImportRenewsTheLockOnceItsTextIsThere() {
    List<Step> steps = new ArrayList<>();
    new Migrator(
            database,
            Databases.AUTHOR,
            new Migrator.Watcher() {
              @Override
              public void at(Step step) {
                steps.add(step);
              }
            })
        .up(List.of(LargeImport.file()), NO_PATIENCE);
    assertThat(steps)
        .containsExactly(
            Step.LEDGER_READ,
            Step.LOCKED,
            Step.BOOKMARKED,
            Step.IMPORT_UPLOADED,
            Step.APPLIED,
            Step.CHECKED);
    assertThat(texts(file, "SELECT count(*) FROM d1_migrations")).containsExactly("1");
  }

  @Test
  void aConnectionLostForGoodIsSaidToBe() {
    database.loseForGood("CREATE TABLE t1", Loss.AFTER);
    assertThatThrownBy(() -> migrator(database).up(tables(1), NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("The connection was lost while 0001_x.sql was applied");
    assertThat(texts(file, "SELECT count(*) FROM _ops_lock"))
        .as("nobody could give it back; it expires")
        .containsExactly("1");
  }

  @Test
  void aRefusalIsToldThoughItsPlaceIsNotFoundOut() {
    somebodyHasTakenTheKey();
    Migration bad = file(1, "CREATE TABLE t1 (a); INSERT INTO keys VALUES ('taken')");
    database.lose("VALUES (2, '', 0, 1)", Loss.BEFORE);
    assertThatThrownBy(() -> migrator(database).up(List.of(bad), NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("0001_x.sql; at which statement was not found out: the line is cut")
        .hasMessageContaining("UNIQUE constraint failed: keys.a");
  }

  @Test
  void everyStatementInAFileCanBeFoundToBlame() {
    somebodyHasTakenTheKey();
    for (int bad = 1; bad <= 5; bad++) {
      List<String> statements = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        statements.add(i == bad ? "INSERT INTO keys VALUES ('taken')" : "SELECT " + i);
      }
      Migration one = file(1, String.join(";\n", statements));
      int line = bad;
      assertThatThrownBy(() -> migrator(database).up(List.of(one), NO_PATIENCE))
          .hasMessageContaining("0001_x.sql, line " + line + ":\n    INSERT INTO keys");
    }
  }

  @Test
  void theFirstMarkIsThatOfTheWholeRun() {
    List<Migration> files =
        List.of(file(1, "CREATE TABLE t1 (a)"), file(2, "INSERT INTO t1 SELECT 1"));
    Migrator.Outcome outcome = migrator(database).up(files, NO_PATIENCE);
    assertThat(outcome.bookmark()).isEqualTo("mark-1");
    assertThat(outcome.pending()).isZero();
    assertThat(outcome.millis()).isBetween(0L, 600_000L);
    assertThat(migrator(database).up(files, NO_PATIENCE).bookmark()).isNull();
    assertThat(texts(database, "SELECT bookmark_before FROM _ops_migrations ORDER BY name"))
        .containsExactly("mark-1", "mark-2");
  }
}
