package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.NO_PATIENCE;
import static dev.gitblobs.ops.migrate.Databases.migrator;
import static dev.gitblobs.ops.migrate.Databases.tables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many calls of D1's API a run takes: over a network they are what it costs. */
final class CallsTest {
  @TempDir private Path folder;

  @Test
  void aHundredSmallMigrationsTakeFiveCallsOnAnEmptyDatabase() {
    try (SqliteFile file = SqliteFile.open(folder.resolve("x.sqlite"))) {
      MarkedDatabase database = new MarkedDatabase(file);
      assertThat(migrator(database).up(tables(100), NO_PATIENCE).applied()).hasSize(100);
      assertThat(database.calls()).isEqualTo(5);
    }
  }

  @Test
  void theyTakeOneMoreOnADatabaseWithRows() {
    try (SqliteFile file = SqliteFile.open(folder.resolve("x.sqlite"))) {
      MarkedDatabase database = new MarkedDatabase(file);
      database.batch(List.of(new Statement("CREATE TABLE users (a)")));
      database.batch(List.of(new Statement("INSERT INTO users VALUES (1)")));
      int before = database.calls();
      assertThat(migrator(database).up(tables(100), NO_PATIENCE).applied()).hasSize(100);
      assertThat(database.calls() - before).isEqualTo(6);
    }
  }

  @Test
  void aRunWithNothingToDoTakesTwo() {
    try (SqliteFile file = SqliteFile.open(folder.resolve("x.sqlite"))) {
      MarkedDatabase database = new MarkedDatabase(file);
      migrator(database).up(tables(3), NO_PATIENCE);
      int before = database.calls();
      migrator(database).up(tables(3), NO_PATIENCE);
      assertThat(database.calls() - before).isEqualTo(2);
    }
  }
}
