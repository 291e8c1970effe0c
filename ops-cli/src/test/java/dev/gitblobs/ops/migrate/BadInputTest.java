package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.NO_PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.file.MigrationFolder;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad files and databases: one clear message with file, line and statement; nothing is applied. */
final class BadInputTest {
  @TempDir private Path folder;
  private Path migrations;
  private SqliteFile database;

  @BeforeEach
  void open() throws IOException {
    migrations = Files.createDirectories(folder.resolve("migrations"));
    database = SqliteFile.open(folder.resolve("x.sqlite"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** What is on line 3 of the second file, with which rule it is refused, and what is shown. */
  static Stream<Arguments> statements() {
    String columns = String.join(", ", IntStream.range(0, 101).mapToObj(i -> "c" + i).toList());
    return Stream.of(
        Arguments.of("SELECT 1 /* never closed", "unclosed-text", "SELECT 1"),
        Arguments.of("INSERT INTO t VALUES ('never closed);", "unclosed-text", "never closed"),
        Arguments.of("CREATE TABLE \"never closed (a);", "unclosed-text", "never closed"),
        Arguments.of(
            "INSERT INTO t VALUES ('" + "x".repeat(100_000) + "');",
            "statement-too-long",
            "INSERT INTO t VALUES"),
        Arguments.of("CREATE TABLE w (" + columns + ");", "d1-refuses", "CREATE TABLE w (c0"),
        Arguments.of("CREATE TABLE _cf_x (a);", "d1-refuses", "CREATE TABLE _cf_x (a)"),
        Arguments.of("ALTER TABLE t RENAME TO _CF_t;", "d1-refuses", "RENAME TO _CF_t"),
        Arguments.of("CREATE TEMP TABLE x (a);", "d1-refuses", "CREATE TEMP TABLE x (a)"),
        Arguments.of(
            "CREATE TEMPORARY VIEW v AS SELECT 1;", "d1-refuses", "CREATE TEMPORARY VIEW v"),
        Arguments.of("CREATE TABLE temp.x (a);", "d1-refuses", "CREATE TABLE temp.x (a)"),
        Arguments.of("ATTACH 'x.db' AS x;", "attach-or-vacuum", "ATTACH 'x.db' AS x"),
        Arguments.of("VACUUM;", "attach-or-vacuum", "VACUUM"),
        Arguments.of("PRAGMA journal_mode = WAL;", "d1-refuses", "PRAGMA journal_mode = WAL"),
        Arguments.of("PRAGMA no_such_thing = 1;", "d1-refuses", "PRAGMA no_such_thing = 1"),
        Arguments.of("PRAGMA user_version = 7;", "d1-refuses", "PRAGMA user_version = 7"),
        Arguments.of(
            "CREATE VIRTUAL TABLE v USING fts4(a);",
            "d1-refuses",
            "CREATE VIRTUAL TABLE v USING fts4"),
        Arguments.of(
            "CREATE VIRTUAL TABLE v USING nothing(a);",
            "d1-refuses",
            "VIRTUAL TABLE v USING nothing"),
        Arguments.of("SAVEPOINT s;", "transaction", "SAVEPOINT s"),
        Arguments.of("CREATE TABLE x (a", "d1-refuses", "CREATE TABLE x (a"),
        Arguments.of("THIS IS NO SQL;", "d1-refuses", "THIS IS NO SQL"),
        Arguments.of("SELECT load_extension('x');", "d1-refuses", "SELECT load_extension('x')"));
  }

  @ParameterizedTest
  @MethodSource("statements")
  void isToldWithFileLineAndStatement(String bad, String rule, String shown) throws IOException {
    write("0001_t.sql", "CREATE TABLE t (a);");
    write("0002_bad.sql", "-- line one\n\n" + bad + "\n");
    assertThatThrownBy(() -> up())
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("0002_bad.sql:3 " + rule + ":")
        .hasMessageContaining(shown)
        .message()
        .hasSizeLessThan(1_000)
        .hasLineCount(2);
    assertThat(Databases.tablesOf(database)).isEmpty();
  }

  @Test
  void tellsFileAndLineOfTextInAnotherEncoding() throws IOException {
    Path file = migrations.resolve("0001_x.sql");
    for (String encoding :
        List.of("ISO-8859-1", "windows-1252", "UTF-16", "UTF-16LE", "UTF-16BE")) {
      Files.write(file, "SELECT 'é';".getBytes(Charset.forName(encoding)));
      assertThatThrownBy(() -> up())
          .as(encoding)
          .isInstanceOf(OpsException.class)
          .hasMessageContaining("0001_x.sql, line 1")
          .hasMessageContaining("not UTF-8");
    }
    Files.write(file, new byte[] {'S', '\n', 0, 'x'});
    assertThatThrownBy(() -> up())
        .hasMessageContaining("0001_x.sql, line 2")
        .hasMessageContaining("zero byte");
  }

  @Test
  void takesAByteOrderMarkAndForeignLineEnds() throws IOException {
    Files.write(
        migrations.resolve("0001_x.sql"),
        "\uFEFFCREATE TABLE t1 (a);\r\nCREATE TABLE t2 (a);\r\n".getBytes(StandardCharsets.UTF_8));
    up();
    assertThat(Databases.tablesOf(database)).containsExactly("t1", "t2");
  }

  @Test
  void leavesAloneWhatIsNoMigrationInTheFolder() throws IOException {
    write("0001_t1.sql", "CREATE TABLE t1 (a);");
    write("README.md", "DROP TABLE t1;");
    write(".0002_hidden.sql", "DROP TABLE t1;");
    write("0003_old.sql.bak", "DROP TABLE t1;");
    write("0004_swap.sql~", "DROP TABLE t1;");
    write("old/0005_x.sql", "DROP TABLE t1;");
    Files.createDirectories(migrations.resolve("0006_folder.sql"));
    Files.createSymbolicLink(migrations.resolve("0007_nowhere.sql"), Path.of("nowhere"));
    write("0008 with spaces & signs (ü).sql", "CREATE TABLE t8 (a);");
    assertThat(up().applied()).containsExactly("0001_t1.sql", "0008 with spaces & signs (ü).sql");
  }

  @Test
  void namesTheLedgerOfAnotherTool() throws IOException {
    write("0001_t1.sql", "CREATE TABLE t1 (a);");
    database.batch(List.of(new Statement("CREATE TABLE _prisma_migrations (id)")));
    assertThat(up().applied()).as("an empty one says nothing").hasSize(1);
    database.batch(List.of(new Statement("DELETE FROM d1_migrations")));
    database.batch(List.of(new Statement("INSERT INTO _prisma_migrations VALUES (1)")));
    assertThatThrownBy(() -> up())
        .hasMessageContaining("The database keeps what is applied in _prisma_migrations")
        .isInstanceOfSatisfying(
            OpsException.class, e -> assertThat(e.remedy()).contains("migrate baseline"));
  }

  @Test
  void goesOnInItsOwnLedgerWhenAnotherToolKeepsOneToo() throws IOException {
    write("0001_t1.sql", "CREATE TABLE t1 (a);");
    up();
    database.batch(List.of(new Statement("CREATE TABLE schema_migrations (version)")));
    database.batch(List.of(new Statement("INSERT INTO schema_migrations VALUES ('1')")));
    write("0002_t2.sql", "CREATE TABLE t2 (a);");
    assertThat(up().applied()).containsExactly("0002_t2.sql");
  }

  @Test
  void namesTheStatementThatADatabaseRefusesSinceOthersChangedItMeanwhile() throws IOException {
    write("0001_t1.sql", "CREATE TABLE t1 (a);");
    up();
    write("0002_t2.sql", "CREATE TABLE t2 (a);\n\nALTER TABLE t1 ADD COLUMN b;\n");
    Migrator.Watcher dropping =
        new Migrator.Watcher() {
          @Override
          public void at(Step step) {
            if (step == Step.BOOKMARKED) {
              database.batch(List.of(new Statement("DROP TABLE t1")));
            }
          }
        };
    assertThatThrownBy(
            () -> new Migrator(database, Databases.AUTHOR, dropping).up(files(), NO_PATIENCE))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("0002_t2.sql, line 3:")
        .hasMessageContaining("ALTER TABLE t1 ADD COLUMN b")
        .hasMessageContaining("no such table: t1");
    assertThat(Databases.tablesOf(database)).isEmpty();
  }

  private Migrator.Outcome up() {
    return Databases.migrator(database).up(files(), NO_PATIENCE);
  }

  private List<Migration> files() {
    return new MigrationFolder(migrations, null).read();
  }

  private void write(String name, String text) throws IOException {
    Path file = migrations.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
