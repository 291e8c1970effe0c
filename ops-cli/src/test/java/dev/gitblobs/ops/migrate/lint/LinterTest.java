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
  /** For each rule about one file: what it finds, on which line, and the same thing done well. */
  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of(
            Rule.DROP_TABLE,
            2,
            "SELECT 1;\nDROP TABLE IF EXISTS main.users;",
            "CREATE TABLE t (a); DROP TABLE t;"),
        Arguments.of(
            Rule.DROP_TABLE,
            1,
            "CREATE TABLE IF NOT EXISTS users (a); DROP TABLE users",
            "CREATE TABLE IF NOT EXISTS users (a)"),
        Arguments.of(
            Rule.DROP_COLUMN,
            1,
            "ALTER TABLE users DROP COLUMN email",
            "CREATE TABLE t (a, b);\nALTER TABLE t DROP a"),
        Arguments.of(
            Rule.RENAME, 1, "ALTER TABLE users RENAME TO people", "CREATE TABLE people (a)"),
        Arguments.of(
            Rule.RENAME,
            1,
            "ALTER TABLE \"users\" RENAME COLUMN a TO b",
            "ALTER TABLE users ADD COLUMN b TEXT"),
        Arguments.of(
            Rule.NOT_NULL,
            1,
            "ALTER TABLE users ADD COLUMN a TEXT NOT NULL",
            "ALTER TABLE users ADD COLUMN a TEXT NOT NULL DEFAULT ''"),
        Arguments.of(
            Rule.UNIQUE,
            1,
            "CREATE UNIQUE INDEX i ON users (email)",
            "CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a)"),
        Arguments.of(
            Rule.REBUILD,
            2,
            "CREATE TABLE n (a);\nDROP TABLE users;\nALTER TABLE n RENAME TO users",
            "PRAGMA defer_foreign_keys = on; CREATE TABLE n (a);\n"
                + "DROP TABLE users; ALTER TABLE n RENAME TO users"),
        Arguments.of(
            Rule.TRANSACTION,
            1,
            "BEGIN; SELECT 1",
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END"),
        Arguments.of(Rule.TRANSACTION, 1, "savepoint x", "SELECT 1"),
        Arguments.of(Rule.FORBIDDEN, 1, "ATTACH 'x' AS y", "SELECT 'ATTACH'"),
        Arguments.of(Rule.FORBIDDEN, 1, "VACUUM", "SELECT 1 -- VACUUM"),
        Arguments.of(
            Rule.FOREIGN_KEYS, 1, "PRAGMA foreign_keys = OFF", "PRAGMA defer_foreign_keys = on"),
        Arguments.of(
            Rule.TOO_LONG,
            1,
            "INSERT INTO a VALUES ('" + "x".repeat(100_001) + "')",
            "INSERT INTO a VALUES ('" + "x".repeat(90_000) + "')"),
        Arguments.of(Rule.UNCLOSED, 1, "SELECT 'it''s", "SELECT 'it''s'"),
        Arguments.of(Rule.EMPTY, 1, "-- nothing yet", "SELECT 1"));
  }

  /** The rules about more than one file, or about allowances, have tests of their own. */
  @Test
  void showsEveryRuleAboutOneFileWithABadAndAGoodOne() {
    Set<Rule> shown = EnumSet.noneOf(Rule.class);
    rules().forEach(row -> shown.add((Rule) row.get()[0]));
    Set<Rule> shownElsewhere =
        EnumSet.of(
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
    assertThat(lint(file(1, bad)))
        .extracting(Finding::rule, Finding::line)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(rule, line));
    assertThat(lint(file(1, good))).isEmpty();
  }

  @Test
  void refusesADownFileSinceWranglerWouldApplyIt() {
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
    assertThat(Linter.lint(List.of(edited), Set.of(edited.name())))
        .extracting(Finding::rule)
        .containsExactly(Rule.EDITED);
  }

  @Test
  void allowsWithAReasonOnTheLineItselfOrBeforeTheStatement() {
    assertThat(lint(file(1, "DROP TABLE a; -- lint:allow drop-table reason=unused since 0.9")))
        .isEmpty();
    assertThat(lint(file(1, "-- lint:allow drop-table reason=unused\n-- more\n\nDROP TABLE a;")))
        .isEmpty();
  }

  @Test
  void allowsOneStatementOnly() {
    assertThat(
            lint(file(1, "-- lint:allow drop-table reason=unused\nDROP TABLE a;\nDROP TABLE b;")))
        .extracting(Finding::line)
        .containsExactly(3);
  }

  @Test
  void refusesAnAllowanceWithoutReasonOrOfNoRule() {
    assertThat(lint(file(1, "DROP TABLE a; -- lint:allow drop-table")))
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
        new LintReport(Path.of("/checkout"), lint(file(1, "SELECT 1;\nDROP TABLE \"a%b\"")));
    assertThat(report.github())
        .containsExactly(
            "::error file=migrations/0001_x.sql,line=2,title=drop-table::"
                + "It drops the table a%25b. The running version may still use the table.");
  }

  @Test
  void writesSarifWithRuleFileAndLine() {
    LintReport report = new LintReport(Path.of("/checkout"), lint(file(1, "VACUUM")));
    assertThat(report.sarif().toString())
        .contains("version=2.1.0", "ruleId=attach-or-vacuum", "uri=migrations/0001_x.sql")
        .contains("startLine=1");
  }

  private static List<Finding> lint(Migration... files) {
    return Linter.lint(Arrays.asList(files), Set.of());
  }

  private static Migration file(int number, String sql) {
    return Migration.of(Path.of("/checkout/migrations/000" + number + "_x.sql"), sql);
  }
}
