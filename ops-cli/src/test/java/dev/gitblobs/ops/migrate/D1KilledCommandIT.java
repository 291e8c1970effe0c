package dev.gitblobs.ops.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.ops.command.CommandProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code relayctl migrate up} killed by the operating system while calls are on their way. */
@Tag("full")
final class D1KilledCommandIT {
  private static final int COUNT = 200;

  @TempDir private Path folder;

  @Test
  void leavesWholeMigrationsAndTheNextRunGoesOnAtOnce() throws Exception {
    Path migrations = Files.createDirectories(folder.resolve("migrations"));
    Files.writeString(
        migrations.resolve("0001_a.sql"),
        "CREATE TABLE t1 (n INTEGER); INSERT INTO t1 VALUES (0);");
    for (int i = 2; i <= COUNT; i++) {
      Files.writeString(
          migrations.resolve(String.format("%04d_b.sql", i)),
          "UPDATE t1 SET n = n + 1; -- lint:allow values-overwritten reason=a test");
    }
    try (LocalCloudflare cloudflare = LocalCloudflare.start(folder.resolve("cloudflare"))) {
      String id = D1Place.create(cloudflare, "killed");
      Path outputs = Files.createDirectories(folder.resolve("dev")).resolve("outputs.json");
      Files.writeString(
          outputs,
          """
          {"accountId": "%s", "scriptName": "none", "databaseId": "%s", "databaseName": "killed"}"""
              .formatted(cloudflare.accountId(), id));
      Map<String, String> environment =
          Map.of(
              "RELAY_STATE", folder.toString(),
              "CLOUDFLARE_API_TOKEN", cloudflare.token(),
              "CLOUDFLARE_BASE_URL", cloudflare.apiUrl());
      String[] up = {
        "migrate", "up", "--env", "dev", "--yes", "--migrations", migrations.toString()
      };

      CommandProcess killed = CommandProcess.start(environment, up);
      killed.awaitLine("0003_b.sql");
      killed.process().toHandle().destroyForcibly(); // the process itself would close its output
      assertThat(killed.end()).as("killed, not done").isEqualTo(KilledRun.KILLED);

      SqlDatabase database = D1Place.open(cloudflare, id);
      assertThat(Databases.texts(database, "SELECT n + 1 FROM t1"))
          .isEqualTo(Databases.texts(database, "SELECT count(*) FROM d1_migrations"));
      CommandProcess next = CommandProcess.start(environment, up);
      assertThat(next.end()).isZero();
      assertThat(Databases.texts(database, "SELECT n FROM t1"))
          .containsExactly(String.valueOf(COUNT - 1));
    }
  }
}
