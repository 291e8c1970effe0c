package dev.gitblobs.ops.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code relayctl migrate} as it is typed, on a plain SQLite file. */
final class MigrateCommandsTest {
  @TempDir private Path folder;
  private Path migrations;
  private Path database;

  @BeforeEach
  void haveOneMigration() throws IOException {
    migrations = Files.createDirectories(folder.resolve("migrations"));
    database = folder.resolve("x.sqlite");
    write("0001_users.sql", "CREATE TABLE users (a);");
  }

  @Test
  void writesANewFileUnderTheNextNumber() throws IOException {
    CommandRun run =
        CommandRun.of("migrate", "new", "Add", "an index!", "--migrations", migrations + "");
    assertThat(run.exit()).isZero();
    assertThat(Files.readString(migrations.resolve("0002_add_an_index.sql")))
        .isEqualTo("-- Add an index!\n");
    JsonNode next =
        CommandRun.of("migrate", "new", "x", "--json", "--migrations", migrations + "").json();
    assertThat(next.path("file").asText()).endsWith("0003_x.sql");
    assertThat(CommandRun.of("migrate", "new", "!?", "--migrations", migrations + "").exit())
        .isEqualTo(2);
  }

  @Test
  void tellsEachMigrationWhenItIsAppliedAndNothingTheSecondTime() throws IOException {
    write("0002_more.sql", "ALTER TABLE users ADD COLUMN b;");
    CommandRun first = migrate("up");
    assertThat(first.exit()).isZero();
    assertThat(first.out().lines())
        .startsWith("✓ 0001_users.sql", "✓ 0002_more.sql")
        .anyMatch(line -> line.startsWith("2 applied in"));
    assertThat(migrate("up").out()).isEqualTo("Nothing is pending.\n");
  }

  @Test
  void printsOneJsonDocumentAndNothingElse() {
    CommandRun run = migrate("up", "--json");
    assertThat(run.json().path("applied").path(0).asText()).isEqualTo("0001_users.sql");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void failsWithTheFindingsOfTheLintInEachFormat() throws IOException {
    write("0002_bad.sql", "DROP TABLE users;");
    CommandRun text = lint();
    assertThat(text.exit()).isEqualTo(1);
    assertThat(text.out()).contains("error  0002_bad.sql:1 drop-table").contains("1 errors.");
    assertThat(lint("--format", "github").out()).startsWith("::error file=").contains("line=1");
    assertThat(lint("--format", "json").json().at("/findings/0/rule").asText())
        .isEqualTo("drop-table");
    assertThat(lint("--format", "sarif").json().at("/runs/0/results/0/ruleId").asText())
        .isEqualTo("drop-table");
    assertThat(lint("--format", "xml").exit()).isEqualTo(2);
  }

  @Test
  void findsEditedFilesWhenADatabaseIsNamedAndRepairRecordsThem() throws IOException {
    migrate("up");
    write("0001_users.sql", "CREATE TABLE users (other);");
    assertThat(migrate("lint").out()).contains("0001_users.sql:1 edited");
    assertThat(migrate("repair", "--dry-run").out())
        .contains("record-edit  0001_users.sql")
        .contains("nothing was changed");
    JsonNode repair = migrate("repair", "--json").json();
    assertThat(repair.at("/mended/0/action").asText()).isEqualTo("record-edit");
    assertThat(migrate("lint").exit()).isZero();
  }

  @Test
  void recordsABaselineWithoutRunningIt() throws SQLException {
    CommandRun run = migrate("baseline", "1");
    assertThat(run.out()).contains("recorded 0001_users.sql").contains("none was run");
    assertThat(count("SELECT count(*) FROM sqlite_schema WHERE name = 'users'")).isZero();
    assertThat(migrate("info").out()).contains("0001_users.sql").contains("Nothing is pending.");
  }

  @Test
  void saysThatAPlainFileHasNoMarksToGoBackTo() {
    migrate("up");
    CommandRun run = migrate("restore", "1", "--yes");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("No bookmark was recorded before 0001_users.sql");
    assertThat(migrate("restore", "--bookmark", "x", "--yes").err()).contains("no marks");
    assertThat(migrate("restore").exit()).isEqualTo(2);
  }

  @Test
  void breaksALockOnlyWhenThatIsAskedFor() throws SQLException {
    migrate("info");
    migrate("baseline", "1");
    execute("INSERT INTO _ops_lock VALUES (1, 'elsewhere/7/1', unixepoch() + 90, 1)");
    execute("DELETE FROM d1_migrations");
    CommandRun refused = migrate("up", "--wait", "0");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("process 7 on elsewhere").contains("--break-lock");
    assertThat(migrate("repair", "--break-lock").out())
        .contains("break-lock  process 7 on elsewhere");
    assertThat(migrate("up", "--wait", "0").exit()).isZero();
  }

  @Test
  void showsAStackTraceOnlyWhenAsked() {
    String nowhere = folder.resolve("nowhere/x.sqlite").toString();
    CommandRun quiet =
        CommandRun.of("migrate", "info", "--sqlite", nowhere, "--migrations", migrations + "");
    assertThat(quiet.exit()).isEqualTo(1);
    assertThat(quiet.err()).contains("Could not open the SQLite file").doesNotContain("\tat ");
    CommandRun verbose =
        CommandRun.of(
            "--verbose", "migrate", "info", "--sqlite", nowhere, "--migrations", migrations + "");
    assertThat(verbose.err()).contains("\tat dev.gitblobs.ops.");
  }

  @Test
  void showsSqlThatWouldSteerATerminalAndDoesNotObeyIt() throws IOException {
    write("0002_bad.sql", "SELECT '\u001b[2J\u202e' FROM nowhere;");
    assertThat(migrate("up").err())
        .contains("0002_bad.sql:1 d1-refuses")
        .contains("SELECT '\uFFFD[2J\uFFFD'")
        .doesNotContain("\u001b", "\u202e");
  }

  private CommandRun lint(String... words) {
    String[] all = new String[words.length + 4];
    all[0] = "migrate";
    all[1] = "lint";
    all[2] = "--migrations";
    all[3] = migrations.toString();
    System.arraycopy(words, 0, all, 4, words.length);
    return CommandRun.of(all);
  }

  private CommandRun migrate(String command, String... words) {
    String[] all = new String[words.length + 6];
    all[0] = "migrate";
    all[1] = command;
    all[2] = "--sqlite";
    all[3] = database.toString();
    all[4] = "--migrations";
    all[5] = migrations.toString();
    System.arraycopy(words, 0, all, 6, words.length);
    return CommandRun.of(all);
  }

  private void write(String name, String sql) throws IOException {
    Files.writeString(migrations.resolve(name), sql);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private int count(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      return statement.executeQuery(sql).getInt(1);
    }
  }
}
