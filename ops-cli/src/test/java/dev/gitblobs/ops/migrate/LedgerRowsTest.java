package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.file;
import static dev.gitblobs.ops.migrate.Databases.tables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.json.Json;
import dev.gitblobs.ops.migrate.MigrationState.State;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written about a migration, and what of it is read again. */
final class LedgerRowsTest {
  private static final Author NOBODY = new Author("ada", null, "relayctl");

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
  void whatIsWrittenIsReadAgain() {
    Ledger.open(database);
    database.batch(LedgerRows.applied(database, tables(2), Databases.AUTHOR, "mark"));
    database.batch(List.of(LedgerRows.took(tables(1), 17)));
    List<LedgerEntry> entries = Ledger.look(database);
    assertThat(entries)
        .extracting(LedgerEntry::id, LedgerEntry::name, LedgerEntry::durationMs)
        .containsExactly(tuple(1L, "0001_x.sql", 17L), tuple(2L, "0002_x.sql", null));
    assertThat(entries.get(0).sha256()).isEqualTo(tables(1).get(0).sha256());
    assertThat(entries.get(0).bookmark()).isEqualTo("mark");
    assertThat(entries.get(0).actor()).isEqualTo("tester");
    assertThat(Ledger.tail(entries)).isEqualTo("2:2");
    assertThat(Ledger.tail(List.of())).isEqualTo("0:0");
  }

  @Test
  void aLedgerOfWranglersAloneIsReadWithoutDetails() {
    database.batch(
        List.of(
            new Statement("CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name, applied_at)"),
            new Statement("INSERT INTO d1_migrations VALUES (3, '0001_x.sql', 'then')")));
    assertThat(Ledger.look(database))
        .containsExactly(
            new LedgerEntry(3, "0001_x.sql", "then", null, null, null, null, null, null, null));
  }

  @Test
  void anEditThatIsRecordedLeavesWhoAppliedItAlone() {
    Ledger.open(database);
    database.batch(LedgerRows.applied(database, tables(1), Databases.AUTHOR, "mark"));
    database.batch(List.of(LedgerRows.checksums(List.of(file(1, "SELECT 1")), NOBODY)));
    LedgerEntry entry = Ledger.look(database).get(0);
    assertThat(entry.sha256()).isEqualTo(file(1, "SELECT 1").sha256());
    assertThat(entry.actor()).isEqualTo("tester");
    assertThat(entry.bookmark()).isEqualTo("mark");
  }

  @Test
  void valuesAreWrittenIntoTheTextOfAnImportSafely() {
    Statement mine = new Statement("SELECT ?, ?, ?", Arrays.asList("it's", 7, null));
    assertThat(SqlLiterals.script(List.of(mine, new Statement("SELECT '?'"))))
        .isEqualTo("SELECT 'it''s', 7, NULL;\nSELECT '?';\n");
  }

  @Test
  void rowsKeepNumbersTextAndWhatIsMissingApart() {
    Statement statement =
        new Statement("SELECT 9007199254740993 AS n, 'x' AS t, NULL AS gone, ? AS p", List.of(5));
    assertThat(database.batch(List.of(statement)).get(0))
        .hasToString("[{\"n\":9007199254740993,\"t\":\"x\",\"gone\":null,\"p\":5}]");
  }

  @Test
  void aStateIsWrittenForProgramsAsForPeople() throws Exception {
    assertThat(State.OUT_OF_ORDER).hasToString("out-of-order");
    assertThat(Json.MAPPER.writeValueAsString(MigrationState.unapplied("x", State.PENDING)))
        .isEqualTo("{\"name\":\"x\",\"state\":\"pending\"}");
  }

  @Test
  void aPlainFileHasNoMarks() {
    assertThat(database.bookmark()).isEmpty();
    assertThatThrownBy(() -> database.restore("mark"))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("no marks");
  }

  @Test
  void aFileInAFolderThatIsMissingIsNamed() {
    assertThatThrownBy(() -> SqliteFile.open(folder.resolve("none/x.sqlite")))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("Could not open the SQLite file")
        .hasMessageContaining("none");
  }

  @Test
  void rowsMayNotReferToMissingOnes() {
    database.batch(
        List.of(
            new Statement("CREATE TABLE a (id INTEGER PRIMARY KEY)"),
            new Statement("CREATE TABLE b (a REFERENCES a (id))")));
    assertThatThrownBy(
            () -> database.batch(List.of(new Statement("INSERT INTO b VALUES (?)", List.of(1)))))
        .isInstanceOf(SqlDatabase.Refusal.class)
        .hasMessageContaining("FOREIGN KEY");
  }
}
