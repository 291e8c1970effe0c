package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.NO_PATIENCE;
import static dev.gitblobs.ops.migrate.Databases.file;
import static dev.gitblobs.ops.migrate.Databases.migrator;
import static dev.gitblobs.ops.migrate.Databases.tables;
import static dev.gitblobs.ops.migrate.Databases.tablesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.file.Migration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run would apply, and what it refuses to. */
final class PlanTest {
  @TempDir private Path folder;
  private SqliteFile database;

  @BeforeEach
  void open() {
    database = SqliteFile.open(folder.resolve("x.sqlite"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void namesWhatARunWouldApplyAndAppliesNothing() {
    Migrator.Options toTwo = new Migrator.Options("2", false, Duration.ZERO);
    assertThat(migrator(database).plan(tables(3), NO_PATIENCE)).hasSize(3);
    assertThat(migrator(database).plan(tables(3), toTwo))
        .extracting(Migration::name)
        .containsExactly("0001_x.sql", "0002_x.sql");
    assertThat(tablesOf(database)).isEmpty();
  }

  @Test
  void refusesWhatTheLintRefusesBeforeAnythingIsApplied() {
    List<Migration> files = List.of(file(1, "CREATE TABLE t1 (a)"), file(2, "VACUUM"));
    assertThatThrownBy(() -> migrator(database).plan(files, NO_PATIENCE))
        .isInstanceOf(OpsException.class);
    assertThatThrownBy(() -> migrator(database).up(files, NO_PATIENCE))
        .isInstanceOf(OpsException.class);
    assertThat(tablesOf(database)).isEmpty();
  }
}
