package dev.gitblobs.ops.migrate.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.ops.migrate.file.Migration;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class LinterTest {
  /** What there is before the file that is judged. */
  private static final String BASE =
      """
      CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT DEFAULT '', n INTEGER);
      CREATE UNIQUE INDEX users_email ON users (email);
      CREATE INDEX users_name ON users (name);
      CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL
        REFERENCES users (id) ON DELETE CASCADE, body TEXT CHECK (length(body) > 3));
      CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INTEGER
        REFERENCES users (id) ON DELETE SET NULL, text TEXT);
      CREATE TRIGGER posts_added AFTER INSERT ON posts BEGIN
        UPDATE users SET n = n + 1 WHERE id = NEW.user_id; END;
      CREATE VIEW authors AS SELECT name FROM users;
      """;

  private static final String NOTES =
      "CREATE TABLE n2 (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id)"
          + " ON DELETE SET NULL, text TEXT);\n";

  private static final String POSTS =
      "CREATE TABLE p2 (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL"
          + " REFERENCES users (id) ON DELETE CASCADE, body TEXT CHECK (length(body) > 3));\n"
          + "INSERT INTO p2 SELECT * FROM posts;\n";

  /** For each rule about one file: what it finds, on which line, and the same thing done well. */
  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of(
            Rule.DROP_TABLE,
            2,
            "SELECT 1;\nDROP TABLE IF EXISTS main.notes;",
            "CREATE TABLE t (a); DROP TABLE t;"),
        Arguments.of(
            Rule.DROP_COLUMN,
            1,
            "ALTER TABLE notes DROP COLUMN text",
            "CREATE TABLE t (a, b);\nALTER TABLE t DROP a"),
        Arguments.of(
            Rule.RENAME, 1, "ALTER TABLE notes RENAME TO remarks", "CREATE TABLE remarks (a)"),
        Arguments.of(
            Rule.RENAME,
            1,
            "ALTER TABLE \"notes\" RENAME COLUMN text TO words",
            "ALTER TABLE notes ADD COLUMN words TEXT"),
        Arguments.of(
            Rule.NOT_NULL,
            1,
            "ALTER TABLE notes ADD COLUMN a TEXT NOT NULL",
            "ALTER TABLE notes ADD COLUMN a TEXT NOT NULL DEFAULT ''"),
        Arguments.of(
            Rule.FAILS_ON_ROWS,
            1,
            "ALTER TABLE notes ADD COLUMN at TEXT DEFAULT CURRENT_TIMESTAMP",
            "ALTER TABLE notes ADD COLUMN at TEXT"),
        Arguments.of(
            Rule.UNIQUE,
            1,
            "CREATE UNIQUE INDEX i ON notes (text)",
            "CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a)"),
        Arguments.of(
            Rule.ROWS_NOT_COPIED,
            2,
            NOTES + "DROP TABLE notes;\nALTER TABLE n2 RENAME TO notes;",
            NOTES
                + "INSERT INTO n2 SELECT * FROM notes; DROP TABLE notes;"
                + " ALTER TABLE n2 RENAME TO notes;"),
        Arguments.of(
            Rule.TRIGGER_LOST,
            3,
            POSTS + "DROP TABLE posts; ALTER TABLE p2 RENAME TO posts;",
            POSTS
                + "DROP TABLE posts; ALTER TABLE p2 RENAME TO posts; CREATE TRIGGER posts_added"
                + " AFTER INSERT ON posts BEGIN UPDATE users SET n = n + 1 WHERE id = NEW.user_id;"
                + " END;"),
        Arguments.of(Rule.VIEW_LOST, 1, "DROP VIEW authors", "CREATE VIEW v AS SELECT 1"),
        Arguments.of(
            Rule.INDEX_LOST,
            1,
            "DROP INDEX users_email",
            "CREATE TABLE t (a); CREATE UNIQUE INDEX t_a ON t (a); DROP INDEX t_a"),
        Arguments.of(
            Rule.INDEX_DROPPED,
            1,
            "DROP INDEX users_name",
            "DROP INDEX users_name; CREATE INDEX users_name ON users (name, id)"),
        Arguments.of(
            Rule.ROWS_DELETED,
            1,
            "DELETE FROM notes WHERE id > 0",
            "CREATE TABLE t (a); INSERT INTO t VALUES (1); DELETE FROM t"),
        Arguments.of(
            Rule.UNTRIED,
            1,
            "DELETE FROM notes WHERE id = 1 AND id = 2",
            "UPDATE notes SET text = 'x' WHERE text IS NULL"),
        Arguments.of(
            Rule.VALUES_OVERWRITTEN,
            1,
            "UPDATE notes SET text = 'x'",
            "ALTER TABLE notes ADD COLUMN lower TEXT; UPDATE notes SET lower = lower(text)"),
        Arguments.of(
            Rule.VALUES_BY_TRIGGER,
            1,
            "INSERT INTO posts (user_id, body) SELECT id, 'hello' FROM users",
            "INSERT INTO notes (user_id, text) SELECT id, 'hello' FROM users"),
        Arguments.of(
            Rule.ROWS_REPLACED,
            1,
            "REPLACE INTO notes (id, text) SELECT id, 'x' FROM notes",
            "INSERT INTO notes (id, text) SELECT id, 'x' FROM notes WHERE true"
                + " ON CONFLICT (id) DO NOTHING"),
        Arguments.of(
            Rule.WRITES_REFUSED,
            1,
            "CREATE TRIGGER closed BEFORE INSERT ON notes BEGIN SELECT RAISE(ABORT, 'no'); END",
            "CREATE TRIGGER counted AFTER INSERT ON notes BEGIN SELECT 1; END"),
        Arguments.of(
            Rule.TRANSACTION,
            1,
            "BEGIN; SELECT 1",
            "CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT 1; END"),
        Arguments.of(Rule.TRANSACTION, 1, "savepoint x", "BEGIN; CREATE TABLE t (a); COMMIT;"),
        Arguments.of(Rule.FORBIDDEN, 1, "ATTACH 'x' AS y", "SELECT 'ATTACH'"),
        Arguments.of(Rule.FORBIDDEN, 1, "VACUUM", "SELECT 1 -- VACUUM"),
        Arguments.of(Rule.FOREIGN_KEYS, 1, "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
        Arguments.of(Rule.D1_REFUSES, 1, "PRAGMA user_version = 3", "PRAGMA optimize"),
        Arguments.of(
            Rule.TOO_LONG,
            1,
            "INSERT INTO notes (text) VALUES ('" + "x".repeat(100_001) + "')",
            "INSERT INTO notes (text) VALUES ('" + "x".repeat(90_000) + "')"),
        Arguments.of(Rule.UNCLOSED, 1, "SELECT 'it''s", "SELECT 'it''s'"),
        Arguments.of(Rule.EMPTY, 1, "-- nothing yet", "SELECT 1"));
  }

  /** The others have tests of their own, here or in EffectTest. */
  @Test
  void showsEveryRuleAboutOneFileWithABadAndAGoodOne() {
    Set<Rule> shown = EnumSet.noneOf(Rule.class);
    rules().forEach(row -> shown.add((Rule) row.get()[0]));
    Set<Rule> shownElsewhere =
        EnumSet.of(
            Rule.ROWS_CASCADED,
            Rule.REFERENCES_CLEARED,
            Rule.TYPE,
            Rule.NOT_NULL_ADDED,
            Rule.CONSTRAINT_LOST,
            Rule.CONSTRAINT_CHANGED,
            Rule.DEFAULT_LOST,
            Rule.MAY_FAIL,
            Rule.DOWN_FILE,
            Rule.DUPLICATE_NUMBER,
            Rule.NUMBER_GAP,
            Rule.EDITED,
            Rule.ALLOW_WITHOUT_REASON,
            Rule.ALLOW_UNKNOWN_RULE,
            Rule.ALLOW_UNUSED);
    assertThat(shown).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(shownElsewhere)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void findsWhatIsBadAndLeavesAloneWhatIsGood(Rule rule, int line, String bad, String good) {
    assertThat(judge(bad))
        .extracting(Finding::rule, Finding::line)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(rule, line));
    assertThat(judge(good)).isEmpty();
  }

  @Test
  void warnsOfADownFileSinceItRunsAsTheNextMigration() {
    Migration down = Migration.of(Path.of("0001_x.down.sql"), "SELECT 1");
    assertThat(lint(down)).extracting(Finding::rule).containsExactly(Rule.DOWN_FILE);
  }

  @Test
  void findsTwoFilesOfOneNumberAndAGap() {
    assertThat(lint(file(1, "SELECT 1"), file(1, "SELECT 2"), file(3, "SELECT 3")))
        .extracting(Finding::rule)
        .containsExactly(Rule.DUPLICATE_NUMBER, Rule.NUMBER_GAP);
    assertThat(lint(file(0, "SELECT 0"), file(1, "SELECT 1"))).isEmpty();
  }

  @Test
  void findsAnAppliedFileThatWasEdited() {
    Migration edited = file(1, "SELECT 1");
    Known known =
        new Known(Set.of(edited.name()), List.of(), Set.of(), Set.of(edited.name()), table -> 0L);
    assertThat(Linter.lint(List.of(edited), known, Set.of()))
        .extracting(Finding::rule)
        .containsExactly(Rule.EDITED);
  }

  @Test
  void allowsWithAReasonOnTheLineItselfOrBeforeTheStatement() {
    assertThat(judge("DROP TABLE posts; -- lint:allow drop-table reason=unused since 0.9"))
        .isEmpty();
    assertThat(judge("-- lint:allow drop-table reason=unused\n-- more\n\nDROP TABLE posts;"))
        .isEmpty();
  }

  @Test
  void allowsOneStatementOnly() {
    assertThat(
            judge("-- lint:allow drop-table reason=unused\nDROP TABLE posts;\nDROP TABLE notes;"))
        .extracting(Finding::line)
        .containsExactly(3);
  }

  @Test
  void refusesAnAllowanceWithoutReasonOrOfNoRule() {
    assertThat(judge("DROP TABLE posts; -- lint:allow drop-table"))
        .extracting(Finding::rule)
        .containsExactlyInAnyOrder(Rule.ALLOW_WITHOUT_REASON, Rule.DROP_TABLE);
    assertThat(lint(file(1, "SELECT 1; -- lint:allow everything reason=why not")))
        .extracting(Finding::rule)
        .containsExactly(Rule.ALLOW_UNKNOWN_RULE);
  }

  @Test
  void doesNotAllowWhatD1RefusesAnyway() {
    assertThat(lint(file(1, "VACUUM; -- lint:allow attach-or-vacuum reason=please")))
        .extracting(Finding::rule)
        .contains(Rule.FORBIDDEN);
  }

  @Test
  void warnsOfAnAllowanceThatNothingNeeds() {
    assertThat(lint(file(1, "SELECT 1; -- lint:allow drop-table reason=once")))
        .extracting(Finding::severity)
        .containsExactly("warning");
  }

  @Test
  void writesAnnotationsThatGitHubReads() {
    LintReport report =
        new LintReport(
            Path.of("/checkout"),
            lint(file(1, "CREATE TABLE \"a%b\" (c)"), file(2, "SELECT 1;\nDROP TABLE \"a%b\"")));
    assertThat(report.github())
        .containsExactly(
            "::error file=migrations/0002_x.sql,line=2,title=drop-table::"
                + "It drops the table a%25b. Its rows are lost, and the running version may still"
                + " use the table: first deploy a version that does not.");
  }

  @Test
  void writesSarifWithRuleFileAndLine() {
    LintReport report = new LintReport(Path.of("/checkout"), lint(file(1, "VACUUM")));
    assertThat(report.sarif().toString())
        .contains("version=2.1.0", "ruleId=attach-or-vacuum", "uri=migrations/0001_x.sql")
        .contains("startLine=1");
  }

  /** What is found in a file that comes after {@link #BASE}. */
  private static List<Finding> judge(String sql) {
    return lint(file(1, BASE), file(2, sql));
  }

  private static List<Finding> lint(Migration... files) {
    return Linter.lint(Arrays.asList(files), 0);
  }

  private static Migration file(int number, String sql) {
    return Migration.of(Path.of("/checkout/migrations/000" + number + "_x.sql"), sql);
  }
}
