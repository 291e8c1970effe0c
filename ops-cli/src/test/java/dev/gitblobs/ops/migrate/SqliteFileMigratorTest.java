package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.NO_PATIENCE;
import static dev.gitblobs.ops.migrate.Databases.file;
import static dev.gitblobs.ops.migrate.Databases.migrator;
import static dev.gitblobs.ops.migrate.Databases.tablesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.file.Migration;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Migrations on a plain SQLite file, as developers use it. */
final class SqliteFileMigratorTest extends MigratorContract {
  @TempDir private Path folder;
  private final List<SqliteFile> open = new ArrayList<>();

  @Override
  synchronized SqlDatabase database() {
    SqliteFile file = SqliteFile.open(folder.resolve("relay.sqlite"));
    open.add(file);
    return file;
  }

  @AfterEach
  void closeAll() {
    open.forEach(SqliteFile::close);
  }

  @Test
  void blamesTheOtherProgramAndNoStatementWhenTheFileIsLocked() throws Exception {
    Path path = folder.resolve("relay.sqlite");
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + path);
        java.sql.Statement statement = other.createStatement();
        SqliteFile file = SqliteFile.open(path, Duration.ofMillis(1))) {
      statement.executeUpdate("BEGIN EXCLUSIVE");
      assertThatThrownBy(() -> migrator(file).up(Databases.tables(1), NO_PATIENCE))
          .isInstanceOf(OpsException.class)
          .hasMessageContaining("relay.sqlite is locked by another program");
    }
  }

  @Test
  void saysWhenRowsWouldReferToMissingOnesAtTheEnd() {
    Migration parent = file(1, "CREATE TABLE t1 (a PRIMARY KEY); INSERT INTO t1 VALUES (1);");
    migrator(database()).up(List.of(parent), NO_PATIENCE);
    Migration dangling =
        file(
            2,
            "PRAGMA defer_foreign_keys = on;"
                + "CREATE TABLE t2 (a REFERENCES t1 (a)); INSERT INTO t2 SELECT a + 6 FROM t1");
    assertThatThrownBy(() -> migrator(database()).up(List.of(parent, dangling), NO_PATIENCE))
        .hasMessageContaining("rows would refer to missing ones");
    assertThat(tablesOf(database())).containsExactly("t1");
  }
}
