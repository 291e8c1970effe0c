package dev.gitblobs.ops.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.ops.command.CommandProcess;
import dev.gitblobs.ops.migrate.file.Migration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that change one database at once. */
final class TwoRunnersTest {
  @TempDir private Path folder;

  @Test
  void waitAndSayForWhomAndThenApplyEachMigrationOnce() throws Exception {
    Path migrations = Files.createDirectories(folder.resolve("migrations"));
    for (Migration file : Databases.tables(9)) {
      Files.writeString(migrations.resolve(file.name()), file.sql());
    }
    Path path = folder.resolve("x.sqlite");
    String[] up = {"migrate", "up", "--sqlite", path + "", "--migrations", migrations + ""};
    try (SqliteFile database = SqliteFile.open(path)) {
      Ledger.open(database);
      RunLock lock = new RunLock(database, LockOwner.ofThisRun(), time -> {});
      lock.take(Duration.ZERO, holder -> {});
      CommandProcess one = CommandProcess.start(Map.of(), up);
      CommandProcess two = CommandProcess.start(Map.of(), up);
      String me = "Waiting for process " + ProcessHandle.current().pid();
      assertThat(one.awaitLine("Waiting")).startsWith(me);
      assertThat(two.awaitLine("Waiting")).startsWith(me);

      database.batch(List.of(lock.release()));

      assertThat(one.end()).isZero();
      assertThat(two.end()).isZero();
      assertThat(Databases.texts(database, "SELECT count(*) FROM d1_migrations"))
          .containsExactly("9");
    }
  }
}
