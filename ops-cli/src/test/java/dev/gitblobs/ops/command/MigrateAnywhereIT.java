package dev.gitblobs.ops.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** {@code relayctl migrate} as it is typed, on D1 databases that anybody may have made. */
@Tag("full")
final class MigrateAnywhereIT {
  @TempDir private Path folder;
  private final LocalCloudflare cloudflare = LocalCloudflare.shared();
  private final Map<String, String> environment = new HashMap<>();
  private Path migrations;
  private String name = "";
  private String id = "";

  @BeforeEach
  void makeDatabase(TestInfo test) throws IOException {
    name =
        "anywhere-"
            + test.getTestMethod()
                .orElseThrow()
                .getName()
                .toLowerCase(Locale.ROOT)
                .substring(0, 20);
    id =
        cloudflare
            .send("POST", cloudflare.account("/d1/database"), "{\"name\":\"" + name + "\"}")
            .result()
            .path("uuid")
            .asText();
    environment.put("CLOUDFLARE_API_TOKEN", cloudflare.token());
    environment.put("CLOUDFLARE_BASE_URL", cloudflare.apiUrl());
    environment.put("RELAY_STATE", folder.toString());
    migrations = Files.createDirectories(folder.resolve("migrations"));
    write("0001_users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, nick TEXT);");
  }

  @Test
  void reachesADatabaseByItsNameAndByItsId() throws Exception {
    CommandRun byName = migrate("up", "--account", cloudflare.accountId(), "--database", name);
    assertThat(byName.exit()).as(byName.out()).isZero();
    assertThat(byName.out()).contains("1 applied in");
    CommandRun byId = migrate("info", "--account", cloudflare.accountId(), "--database", id);
    assertThat(byId.out()).contains("Nothing is pending").contains("BOOKMARK BEFORE IT");
    CommandRun none = migrate("up", "--account", cloudflare.accountId(), "--database", "none");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.out()).contains("There is no D1 database 'none'");
    CommandRun homeless = migrate("up", "--database", name);
    assertThat(homeless.exit()).isEqualTo(2);
    assertThat(homeless.out()).contains("No Cloudflare account");
  }

  @Test
  void keepsWhatIsAppliedInTheTableThatTheSettingsName() throws Exception {
    CommandRun up = wrangler("up", "our_migrations");
    assertThat(up.exit()).as(up.out()).isZero();
    assertThat(texts("SELECT name FROM our_migrations")).containsExactly("0001_users.sql");
    assertThat(texts("SELECT count(*) FROM sqlite_schema WHERE name = 'd1_migrations'"))
        .containsExactly("0");
    assertThat(wrangler("info", "our_migrations").out()).contains("Nothing is pending");
  }

  @Test
  void refusesWhenAnotherTableHoldsWhatIsApplied() throws Exception {
    assertThat(wrangler("up", "d1_migrations").exit()).isZero();
    CommandRun other = wrangler("up", "our_migrations");
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.out())
        .contains("The database keeps what is applied in d1_migrations")
        .contains("Take migrations_table out of the settings");
    assertThat(texts("SELECT count(*) FROM d1_migrations")).containsExactly("1");
  }

  @Test
  void takesOverFromAnotherToolByABaselineOnly() throws Exception {
    for (String ledger : List.of("__drizzle_migrations", "_prisma_migrations")) {
      query("CREATE TABLE " + ledger + " (id TEXT, name TEXT)");
      query("INSERT INTO " + ledger + " VALUES ('1', '0001_users')");
      CommandRun refused = wrangler("up", "d1_migrations");
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.out()).contains("in " + ledger).contains("migrate baseline");
      query("DROP TABLE " + ledger);
    }
    query("CREATE TABLE users (id INTEGER PRIMARY KEY, nick TEXT)");
    query("CREATE TABLE __drizzle_migrations (id INTEGER, hash TEXT)");
    query("INSERT INTO __drizzle_migrations VALUES (1, 'x')");
    write("0002_more.sql", "ALTER TABLE users ADD COLUMN age INTEGER;");
    CommandRun baseline =
        migrate("baseline", "0001", "--account", cloudflare.accountId(), "--database", id);
    assertThat(baseline.exit()).as(baseline.out()).isZero();
    assertThat(wrangler("up", "d1_migrations").out()).contains("1 applied in");
    assertThat(texts("SELECT name FROM pragma_table_info('users')"))
        .containsExactly("id", "nick", "age");
  }

  @Test
  void tellsHowManyRowsTheDatabaseReallyHas() throws Exception {
    known();
    assertThat(migrate("up", "--env", "dev", "--yes").exit()).isZero();
    query("INSERT INTO users (nick) VALUES ('a'), ('b'), ('c'), ('d'), ('e')");
    write("0002_purge.sql", "DELETE FROM users;");
    CommandRun lint = migrate("lint", "--env", "dev");
    assertThat(lint.exit()).isEqualTo(1);
    assertThat(lint.out()).contains("rows-deleted").contains("of 5 rows in the database");
    assertThat(migrate("up", "--env", "dev", "--yes").out()).contains("of 5 rows");
    assertThat(texts("SELECT count(*) FROM users")).containsExactly("5");
  }

  @Test
  void asksBeforeItMigratesAProtectedEnvironmentAndNeedsYesWhereNobodyCanBeAsked()
      throws Exception {
    known();
    CommandRun nobody = migrate("up", "--env", "dev");
    assertThat(nobody.exit()).isEqualTo(2);
    assertThat(nobody.out()).contains("there is nobody to ask").contains("--yes");
    assertThat(tables()).isEmpty();

    environment.put("JAVA_TOOL_OPTIONS", "-Drelay.tty.out=true");
    CommandProcess no = start("up", "--env", "dev");
    no.awaitLine("[y/N]");
    assertThat(no.type("n").run().exit()).isEqualTo(1);
    assertThat(tables()).isEmpty();
    CommandProcess yes = start("up", "--env", "dev");
    yes.awaitLine("to apply 0001_users.sql");
    assertThat(yes.type("y").run().exit()).isZero();
    assertThat(tables()).containsExactly("users");

    environment.remove("JAVA_TOOL_OPTIONS");
    assertThat(migrate("up", "--env", "dev").out()).contains("Nothing is pending");
    write("0002_more.sql", "ALTER TABLE users ADD COLUMN age INTEGER;");
    assertThat(migrate("up", "--env", "dev", "--yes").exit()).isZero();
  }

  @Test
  void tellsWhatGoingBackTakesAway() throws Exception {
    write(
        "0002_notes.sql",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL);");
    CommandRun up = migrate("up", "--account", cloudflare.accountId(), "--database", id);
    assertThat(up.exit()).as(up.out()).isZero();
    query("INSERT INTO notes (created_at) VALUES (unixepoch() + 1), (unixepoch() + 1), (7)");
    CommandRun restore =
        migrate("restore", "0002", "--account", cloudflare.accountId(), "--database", id);
    assertThat(restore.exit()).isEqualTo(1);
    assertThat(restore.out())
        .contains("undoes 0001_users.sql")
        .contains("undoes 0002_notes.sql")
        .contains("they share one bookmark")
        .containsPattern("which was taken at 20..-..-..T..:..:..Z")
        .contains("takes away 2 rows written since then, or their changes: notes")
        .contains("not known, since their rows keep no times: users")
        .contains("Nothing was changed");
  }

  /** Makes the database that of the environment {@code dev}. */
  private void known() throws IOException {
    Files.writeString(
        Files.createDirectories(folder.resolve("dev")).resolve("outputs.json"),
        """
        {"accountId": "%s", "scriptName": "none", "databaseId": "%s", "databaseName": "%s"}"""
            .formatted(cloudflare.accountId(), id, name));
  }

  private CommandRun wrangler(String command, String ledger) throws Exception {
    Path settings = folder.resolve("wrangler.json");
    Files.writeString(
        settings,
        """
        {"name": "x", "account_id": "%s", "d1_databases": [{"binding": "DB", "database_id": "%s",
          "database_name": "%s", "migrations_table": "%s"}]}
        """
            .formatted(cloudflare.accountId(), id, name, ledger));
    return CommandProcess.start(environment, "migrate", command, "--wrangler", settings.toString())
        .run();
  }

  private CommandRun migrate(String... words) throws Exception {
    return start(words).run();
  }

  private CommandProcess start(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of("migrate"));
    all.addAll(List.of(words));
    all.addAll(List.of("--migrations", migrations.toString()));
    return CommandProcess.start(environment, all.toArray(String[]::new));
  }

  private void write(String file, String sql) throws IOException {
    Files.writeString(migrations.resolve(file), sql);
  }

  private List<String> tables() {
    return texts(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('users', 'notes')");
  }

  private List<String> texts(String sql) {
    List<String> all = new ArrayList<>();
    for (JsonNode row : query(sql).path(0).path("results")) {
      row.elements().forEachRemaining(value -> all.add(value.asText()));
    }
    return all;
  }

  private JsonNode query(String sql) {
    return cloudflare
        .send("POST", cloudflare.account("/d1/database/" + id + "/query"), json(sql))
        .result();
  }

  private static String json(String sql) {
    return "{\"sql\":\"" + sql.replace("\"", "\\\"") + "\"}";
  }
}
