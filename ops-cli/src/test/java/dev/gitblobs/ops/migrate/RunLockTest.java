package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.NO_PATIENCE;
import static dev.gitblobs.ops.migrate.Databases.tables;
import static dev.gitblobs.ops.migrate.Databases.tablesOf;
import static dev.gitblobs.ops.migrate.Databases.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.SqlDatabase.Refusal;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock and the guard that stand between two runs, and what a run finds at its end. */
final class RunLockTest {
  private static final String THEIRS = "elsewhere/7/1";
  private static final String OURS = "here/8/2";

  @TempDir private Path folder;
  private final List<Duration> slept = new ArrayList<>();
  private SqliteFile database;

  @BeforeEach
  void open() {
    database = SqliteFile.open(folder.resolve("x.sqlite"));
    Ledger.open(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private RunLock lock(String owner) {
    return new RunLock(database, new LockOwner(owner), slept::add);
  }

  private String tail() {
    return Ledger.tail(Ledger.look(database));
  }

  private void run(String sql) {
    database.batch(List.of(new Statement(sql)));
  }

  private String inLock(String column) {
    return String.join(",", texts(database, "SELECT " + column + " FROM _ops_lock"));
  }

  @Test
  void itsGuardPassesForItsOwnerAndBeginsItsLifeAnew() {
    RunLock ours = lock(OURS);
    ours.take(Duration.ZERO, holder -> {});
    run("UPDATE _ops_lock SET expires_at = unixepoch() - 1");
    database.batch(List.of(ours.guard(tail())));
    assertThat(inLock("expires_at - unixepoch() BETWEEN 80 AND 90")).isEqualTo("1");
  }

  @Test
  void itsGuardFailsWithAllThatFollowsWhenItIsAnothersNow() {
    RunLock ours = lock(OURS);
    ours.take(Duration.ZERO, holder -> {});
    run("UPDATE _ops_lock SET expires_at = unixepoch()");
    lock(THEIRS).take(Duration.ZERO, holder -> {});
    assertThatThrownBy(
            () -> database.batch(List.of(ours.guard(tail()), new Statement("CREATE TABLE t1 (a)"))))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(RunLock.isMoved(refusal)).isTrue());
    assertThat(tablesOf(database)).isEmpty();
    assertThat(inLock("owner")).isEqualTo(THEIRS);
  }

  @Test
  void itsGuardFailsWhenNobodyHasItAnyMore() {
    RunLock ours = lock(OURS);
    assertThatThrownBy(() -> database.batch(List.of(ours.guard(tail()))))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void itsGuardFailsWhenTheLedgerIsNotWhatWasRead() {
    RunLock ours = lock(OURS);
    ours.take(Duration.ZERO, holder -> {});
    String read = tail();
    run("INSERT INTO d1_migrations (name) VALUES ('w.sql')");
    assertThatThrownBy(() -> database.batch(List.of(ours.guard(read)))).isInstanceOf(Refusal.class);
    assertThatCode(() -> database.batch(List.of(ours.guard(tail())))).doesNotThrowAnyException();
  }

  @Test
  void onlyItsOwnerRenewsItAndGivesItBack() {
    lock(THEIRS).take(Duration.ZERO, holder -> {});
    run("UPDATE _ops_lock SET expires_at = 7");
    database.batch(List.of(lock(OURS).renew(), lock(OURS).release()));
    assertThat(inLock("expires_at")).isEqualTo("7");
    database.batch(List.of(lock(THEIRS).renew()));
    assertThat(inLock("expires_at - unixepoch() BETWEEN 80 AND 90")).isEqualTo("1");
    database.batch(List.of(lock(THEIRS).release()));
    assertThat(inLock("owner")).isEmpty();
  }

  @Test
  void isWaitedForAsLongAsAskedAndThenSaidToBeHeld() {
    lock(THEIRS).take(Duration.ZERO, holder -> {});
    List<String> told = new ArrayList<>();
    assertThatThrownBy(() -> lock(OURS).take(Duration.ofSeconds(1), told::add))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("process 7 on elsewhere");
    assertThat(told).containsExactly("process 7 on elsewhere");
    assertThat(slept).hasSize(4).containsOnly(Duration.ofMillis(250));
  }

  @Test
  void isTakenFromARunOnThisMachineThatIsDead() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    String here = LockOwner.ofThisRun().id().replaceFirst("/.*", "");
    lock(here + "/" + gone.pid() + "/1").take(Duration.ZERO, holder -> {});
    lock(OURS).take(Duration.ZERO, holder -> {});
    assertThat(inLock("owner")).isEqualTo(OURS);
    assertThat(slept).isEmpty();
  }

  /** Runs these migrations while something else happens at a step. */
  private Migrator.Outcome upWhile(Step step, Runnable other) {
    return new Migrator(
            database,
            Databases.AUTHOR,
            new Migrator.Watcher() {
              @Override
              public void at(Step reached) {
                if (reached == step) {
                  other.run();
                }
              }
            })
        .up(tables(2), NO_PATIENCE);
  }

  @Test
  void aRunSaysWhatAnotherToolAddedToTheLedgerBeforeItsEnd() {
    Runnable other = () -> run("INSERT INTO d1_migrations (name) VALUES ('w.sql')");
    assertThatThrownBy(() -> upWhile(Step.APPLIED, other))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("The ledger is not what this run wrote")
        .hasMessageContaining("w.sql");
    assertThat(inLock("owner")).as("the lock is given back").isEmpty();
  }

  @Test
  void aRunSaysWhatAnotherToolTookFromTheLedgerBeforeItsEnd() {
    Runnable other = () -> run("DELETE FROM d1_migrations WHERE name = '0001_x.sql'");
    assertThatThrownBy(() -> upWhile(Step.APPLIED, other))
        .hasMessageContaining("The ledger is not what this run wrote");
  }

  @Test
  void aRunAppliesNothingAfterItsLockWasBroken() {
    Runnable other = () -> database.batch(List.of(RunLock.breakIt()));
    assertThatThrownBy(() -> upWhile(Step.BOOKMARKED, other))
        .hasMessageContaining("Another run or tool changed the ledger");
    assertThat(tablesOf(database)).isEmpty();
  }
}
