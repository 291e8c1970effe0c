package dev.gitblobs.ops.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.file.MigrationFolder;
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
          "0003_c.sql", "UPDATE t1 SET n = n + 1; -- lint:allow values-overwritten reason=a test",
          "0004_d.sql", "CREATE TABLE t4 (a);",
          "0005_e.sql", LargeImport.sql("t5"));

  @TempDir private Path folder;

  /** What an import goes through here, between {@code BOOKMARKED} and {@code APPLIED}. */
  abstract List<Step> importSteps();

  /** Steps of a whole run: four calls, since the update and the import go alone. */
  private List<Step> steps() {
    List<Step> steps = new ArrayList<>(List.of(Step.LEDGER_READ, Step.LOCKED));
    for (int call = 1; call <= 3; call++) {
      steps.addAll(List.of(Step.BOOKMARKED, Step.APPLIED));
    }
    steps.add(Step.BOOKMARKED);
    steps.addAll(importSteps());
    steps.addAll(List.of(Step.APPLIED, Step.CHECKED));
    return steps;
  }

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
    assertThat(steps).isEqualTo(steps());
  }

  @Test
  void endsRightInTheNextRunWhereverThisOneIsKilled() throws Exception {
    List<Migration> files = files();
    for (int step = 1; step <= steps().size(); step++) {
      Place place = newPlace();
      int exit = KilledRun.run(step, folder, place.words(), place.environment());
      assertThat(exit).as("killed at step %d", step).isEqualTo(KilledRun.KILLED);

      Databases.migrator(place.database()).up(files, Databases.NO_PATIENCE);

      assertThat(Databases.tablesOf(place.database()))
          .as("after a kill at step %d, %s", step, steps().get(step - 1))
          .containsExactlyInAnyOrder("t1", "t2", "t4", "t5");
      assertThat(Databases.texts(place.database(), "SELECT count(*) FROM t5"))
          .containsExactly(String.valueOf(LargeImport.ROWS));
      assertThat(Databases.texts(place.database(), "SELECT n FROM t1")).containsExactly("1");
      assertThat(Databases.texts(place.database(), "SELECT name FROM d1_migrations ORDER BY id"))
          .containsExactlyElementsOf(files.stream().map(Migration::name).toList());

      // The dead run's lock may be left when nothing was pending any more; it stops nobody.
      List<Migration> more = new ArrayList<>(files);
      more.add(Databases.file(6, "CREATE TABLE t6 (a)"));
      assertThat(Databases.migrator(place.database()).up(more, Databases.NO_PATIENCE).applied())
          .hasSize(1);
    }
  }

  private List<Migration> files() throws Exception {
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    return new MigrationFolder(folder, null).read();
  }
}
