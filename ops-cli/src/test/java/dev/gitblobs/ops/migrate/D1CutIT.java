package dev.gitblobs.ops.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.file.Migration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a run says and does when the network is cut while a call is on its way. */
@Tag("full")
final class D1CutIT {
  private static final List<Migration> TABLES = Databases.tables(2);
  private static final List<Migration> IMPORT = List.of(LargeImport.file());

  private static LocalCloudflare cloudflare;
  private static final AtomicInteger COUNT = new AtomicInteger();
  private SqlDatabase database;

  @BeforeAll
  static void startCloudflare() {
    cloudflare = LocalCloudflare.shared();
  }

  @BeforeEach
  void makeDatabase() {
    String id = D1Place.create(cloudflare, "cut-" + COUNT.incrementAndGet());
    database = D1Place.open(cloudflare, id);
  }

  @Test
  void saysThatTheLedgerDoesNotHaveItWhenTheCallNeverArrived() {
    assertThatThrownBy(() -> cut(Step.BOOKMARKED, "query", false).up(TABLES, Databases.NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining(
            "0001_x.sql, 0002_x.sql was applied, and its ledger does not have it");
    assertThat(Databases.tablesOf(database)).isEmpty();
    assertThat(again(TABLES)).hasSize(2);
  }

  @Test
  void goesOnWhenTheAnswerWasLostAfterTheCommit() {
    Migrator.Outcome outcome =
        cut(Step.BOOKMARKED, "query", true).up(TABLES, Databases.NO_PATIENCE);
    assertThat(outcome.applied()).hasSize(2);
    assertThat(Databases.tablesOf(database)).containsExactly("t1", "t2");
    assertThat(again(TABLES)).isEmpty();
  }

  @Test
  void leavesTheImportOutWhenItsStartNeverArrived() {
    assertThatThrownBy(
            () -> cut(Step.IMPORT_UPLOADED, "import", false).up(IMPORT, Databases.NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("its ledger does not have it so far");
    assertThat(Databases.tablesOf(database)).isEmpty();
    assertThat(again(IMPORT)).hasSize(1);
  }

  @Test
  void asksHowAnImportEndedWhenTheAnswerWasLost() {
    Migrator.Outcome outcome =
        cut(Step.IMPORT_UPLOADED, "import", true).up(IMPORT, Databases.NO_PATIENCE);
    assertThat(outcome.applied()).hasSize(1);
    assertThat(Databases.texts(database, "SELECT count(*) FROM t1"))
        .containsExactly(String.valueOf(LargeImport.ROWS));
    assertThat(again(IMPORT)).isEmpty();
  }

  @Test
  void promisesNothingWhenTheLedgerCannotBeReadEither() {
    Migrator run =
        new Migrator(
            database,
            Databases.AUTHOR,
            new Migrator.Watcher() {
              @Override
              public void at(Step step) {
                if (step == Step.BOOKMARKED) {
                  fault("query", false, 3);
                }
              }
            });
    assertThatThrownBy(() -> run.up(TABLES, Databases.NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("The connection was lost while 0001_x.sql, 0002_x.sql");
    assertThat(again(TABLES)).hasSize(2);
  }

  /** The next run, by the same process, which therefore finds its own lock. */
  private List<String> again(List<Migration> files) {
    database.batch(List.of(RunLock.breakIt()));
    return Databases.migrator(database).up(files, Databases.NO_PATIENCE).applied();
  }

  /** A run whose next call of that kind is cut once it has come to that step. */
  private Migrator cut(Step at, String call, boolean after) {
    return new Migrator(
        database,
        Databases.AUTHOR,
        new Migrator.Watcher() {
          @Override
          public void at(Step step) {
            if (step == at) {
              fault(call, after, 1);
            }
          }
        });
  }

  private static void fault(String call, boolean after, int times) {
    String fault =
        """
        {"method": "POST", "path": ".*/%s", "status": 0, "after": %s, "times": %d}"""
            .formatted(call, after, times);
    cloudflare.send("POST", "/local/faults", fault).expect(200);
  }
}
