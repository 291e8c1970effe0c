package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.NO_PATIENCE;
import static dev.gitblobs.ops.migrate.Databases.migrator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.cloudflare.D1;
import dev.gitblobs.ops.environment.StateFiles;
import dev.gitblobs.ops.migrate.MigrationState.State;
import dev.gitblobs.ops.migrate.file.Migration;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Migrations on D1, over the API of a running local Cloudflare. */
final class D1MigratorIT extends MigratorContract {
  @TempDir private static Path state;
  private static LocalCloudflare cloudflare;
  private String id = "";

  @BeforeAll
  static void startCloudflare() {
    cloudflare = LocalCloudflare.shared();
  }

  @BeforeEach
  void makeDatabase(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName();
    id = D1Place.create(cloudflare, name.substring(0, Math.min(60, name.length())));
  }

  @Override
  SqlDatabase database() {
    return D1Place.open(cloudflare, id);
  }

  @Test
  void blamesTheTokenAndNoMigrationWhenTheTokenIsWrong() {
    ApiClient stranger = new ApiClient(URI.create(cloudflare.apiUrl()), "x".repeat(40));
    SqlDatabase database = new D1Database(new D1(stranger, cloudflare.accountId(), id));
    assertThatThrownBy(() -> migrator(database).up(Databases.tables(1), NO_PATIENCE))
        .isInstanceOfSatisfying(
            ApiException.class, failure -> assertThat(failure.status()).isIn(401, 403));
  }

  @Test
  void goesBackToBeforeAMigrationAndForwardAgain() {
    SqlDatabase database = database();
    List<Migration> files =
        List.of(
            Databases.file(1, "CREATE TABLE t1 (a)"),
            Databases.file(2, "INSERT INTO t1 SELECT 'seed'"),
            Databases.file(3, "CREATE TABLE t3 (a)"));
    migrator(database).up(files, NO_PATIENCE);
    LedgerCare care = new LedgerCare(database, Databases.AUTHOR, new Migrator.Watcher() {});
    WayBack way = care.wayBack("2");
    assertThat(way.undone()).containsExactly("0002_x.sql", "0003_x.sql");
    assertThat(care.writtenSince(way)).contains(new Written("t1", null));

    String undo = care.restore(way.bookmark());

    assertThat(Databases.tablesOf(database)).containsExactly("t1");
    assertThat(Databases.texts(database, "SELECT a FROM t1")).isEmpty();
    care.restore(undo);
    assertThat(Databases.texts(database, "SELECT a FROM t1")).containsExactly("seed");
    assertThat(migrator(database).up(files, NO_PATIENCE).applied()).isEmpty();
  }

  @Test
  void goesBackToBeforeAMigrationWhoseFileThisCheckoutDoesNotHave() {
    migrator(database()).up(Databases.tables(2), NO_PATIENCE);
    LedgerCare care = new LedgerCare(database(), Databases.AUTHOR, new Migrator.Watcher() {});
    assertThat(care.wayBack("0002_x.sql").undone()).contains("0002_x.sql");
    assertThatThrownBy(() -> care.wayBack("3")).hasMessageContaining("'3' is not applied");
  }

  @Test
  void sharesItsLedgerWithWrangler() throws Exception {
    List<Migration> files = Databases.tables(2);
    migrator(database()).up(files, NO_PATIENCE);
    configureWrangler(Databases.tables(3));

    assertThat(wrangler("list")).contains("0003_x.sql").doesNotContain("0002_x.sql");
    wrangler("apply");

    assertThat(wrangler("list")).contains("No migrations to apply");
    assertThat(migrator(database()).survey(Databases.tables(3)).in(State.APPLIED)).hasSize(3);
    assertThat(migrator(database()).up(Databases.tables(4), NO_PATIENCE).applied())
        .containsExactly("0004_x.sql");
  }

  @Test
  void goesOnWhereWranglerBeganOnAnEmptyDatabase() throws Exception {
    configureWrangler(Databases.tables(2));
    wrangler("apply");
    assertThat(migrator(database()).survey(Databases.tables(3)).states())
        .extracting(MigrationState::state)
        .containsExactly(State.APPLIED, State.APPLIED, State.PENDING);
    assertThat(migrator(database()).up(Databases.tables(3), NO_PATIENCE).applied())
        .containsExactly("0003_x.sql");
    assertThat(Databases.tablesOf(database())).containsExactly("t1", "t2", "t3");
    configureWrangler(Databases.tables(3));
    assertThat(wrangler("list")).contains("No migrations to apply");
  }

  private void configureWrangler(List<Migration> migrations) throws IOException {
    StateFiles.deleteTree(state.resolve("wrangler"));
    Path folder = Files.createDirectories(state.resolve("wrangler/migrations"));
    for (Migration file : migrations) {
      Files.writeString(folder.resolve(file.name()), file.sql());
    }
    Files.writeString(
        state.resolve("wrangler/wrangler.json"),
        """
        {"name": "shared", "compatibility_date": "2026-11-01", "d1_databases": [
          {"binding": "DB", "database_name": "shared", "database_id": "%s",
           "migrations_dir": "migrations"}]}
        """
            .formatted(id));
  }

  private static String wrangler(String command) throws Exception {
    Path root = LocalCloudflare.root();
    ProcessBuilder builder =
        new ProcessBuilder(
                root.resolve("node_modules/.bin/node").toString(),
                root.resolve("node_modules/wrangler/bin/wrangler.js").toString(),
                "d1",
                "migrations",
                command,
                "shared",
                "--remote")
            .directory(state.resolve("wrangler").toFile())
            .redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "CLOUDFLARE_API_BASE_URL",
                cloudflare.apiUrl(),
                "CLOUDFLARE_API_TOKEN",
                cloudflare.token(),
                "CLOUDFLARE_ACCOUNT_ID",
                cloudflare.accountId(),
                "WRANGLER_SEND_METRICS",
                "false",
                "CI",
                "1",
                "NO_COLOR",
                "1"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
