package dev.gitblobs.ops.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.ops.migrate.file.Migration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that dies anywhere leaves whole migrations, and the next run ends right. */
abstract class KillContract {
  private static final Map<String, String> FILES =
      Map.of(
          "0001_a.sql", "CREATE TABLE t1 (n INTEGER); INSERT INTO t1 VALUES (0);",
          "0002_b.sql", "CREATE TABLE t2 (a);",
          "0003_c.sql", "UPDATE t1 SET n = n + 1;",
          "0004_d.sql", "CREATE TABLE t4 (a);");

  /** Steps of a whole run: three calls, since the update goes alone. */
  private static final List<Step> STEPS =
      List.of(
          Step.LEDGER_READ,
          Step.LOCKED,
          Step.BOOKMARKED,
          Step.APPLIED,
          Step.BOOKMARKED,
          Step.APPLIED,
          Step.BOOKMARKED,
          Step.APPLIED,
          Step.CHECKED);

  @TempDir private Path folder;

  /** A database that nobody used, reached from this process and from another. */
  abstract Place newPlace();

  /**
   * Where a database is.
   *
   * @param database here
   * @param words how {@link KilledRun} is told
   * @param environment and what it is told secretly
   */
  record Place(SqlDatabase database, List<String> words, Map<String, String> environment) {}

  @Test
  void reachesTheStepsThatAreKilledBelow() throws Exception {
    List<Step> steps = new ArrayList<>();
    Migrator migrator =
        new Migrator(
            newPlace().database(),
            Databases.AUTHOR,
            new Migrator.Watcher() {
              @Override
              public void at(Step step) {
                steps.add(step);
              }
            });
    migrator.up(files(), Databases.NO_PATIENCE);
    assertThat(steps).isEqualTo(STEPS);
  }

  @Test
  void endsRightInTheNextRunWhereverThisOneIsKilled() throws Exception {
    List<Migration> files = files();
    for (int step = 1; step <= STEPS.size(); step++) {
      Place place = newPlace();
      int exit = KilledRun.run(step, folder, place.words(), place.environment());
      assertThat(exit).as("killed at step %d", step).isEqualTo(KilledRun.KILLED);

      Databases.migrator(place.database()).up(files, Databases.NO_PATIENCE);

      assertThat(Databases.tablesOf(place.database()))
          .as("after a kill at step %d, %s", step, STEPS.get(step - 1))
          .containsExactlyInAnyOrder("t1", "t2", "t4");
      assertThat(Databases.texts(place.database(), "SELECT n FROM t1")).containsExactly("1");
      assertThat(Databases.texts(place.database(), "SELECT name FROM d1_migrations ORDER BY id"))
          .containsExactlyElementsOf(files.stream().map(Migration::name).toList());

      // The dead run's lock may be left when nothing was pending any more; it stops nobody.
      List<Migration> more = new ArrayList<>(files);
      more.add(Databases.file(5, "CREATE TABLE t5 (a)"));
      assertThat(Databases.migrator(place.database()).up(more, Databases.NO_PATIENCE).applied())
          .hasSize(1);
    }
  }

  private List<Migration> files() throws Exception {
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    return Migration.readAll(folder);
  }
}
