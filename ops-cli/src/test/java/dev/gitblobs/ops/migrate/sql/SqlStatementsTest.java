package dev.gitblobs.ops.migrate.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SqlStatementsTest {
  @Test
  void splitsAtSemicolonsAndNeedsNoneAtTheEnd() {
    assertThat(texts("CREATE TABLE a (x);\n\nCREATE TABLE b (y)"))
        .containsExactly("CREATE TABLE a (x)", "CREATE TABLE b (y)");
  }

  @Test
  void tellsTheLineThatEachStatementBeginsOn() {
    String sql = "-- first\r\nSELECT 1;\r\n\r\n/* two\n lines */ SELECT\n 'a\nb'; SELECT 3;";
    assertThat(SqlStatements.split(sql)).extracting(SqlStatement::line).containsExactly(2, 5, 7);
  }

  @Test
  void keepsSemicolonsInsideStringsAndQuotedNames() {
    assertThat(texts("INSERT INTO a VALUES ('x;''y;'); SELECT \"a;b\", [c;d], `e;f`;"))
        .containsExactly("INSERT INTO a VALUES ('x;''y;')", "SELECT \"a;b\", [c;d], `e;f`");
  }

  @Test
  void leavesCommentsOutAndIgnoresTheirSemicolonsAndQuotes() {
    assertThat(texts("-- don't; split\nSELECT 1 /* ; ' */ + 2; -- the end"))
        .hasSize(1)
        .first()
        .asString()
        .matches("SELECT 1\\s+\\+ 2");
  }

  @Test
  void keepsATriggersBodyWhole() {
    String trigger =
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET x = 1; DELETE FROM c; END";
    assertThat(texts(trigger + ";\nSELECT 1;")).containsExactly(trigger, "SELECT 1");
  }

  @Test
  void seesThatACaseInsideATriggerDoesNotEndIt() {
    String trigger =
        """
        CREATE TEMP TRIGGER IF NOT EXISTS t AFTER UPDATE ON a BEGIN
          UPDATE b SET x = CASE WHEN new.y THEN 1 ELSE 2 END;
          SELECT CASE 1 WHEN 1 THEN 2 END;
        END""";
    assertThat(texts(trigger + ";\nSELECT 2")).containsExactly(trigger, "SELECT 2");
  }

  @Test
  void doesNotTakeATableNamedTriggerForATrigger() {
    assertThat(texts("CREATE TABLE trigger (\"begin\" TEXT); SELECT 1"))
        .containsExactly("CREATE TABLE trigger (\"begin\" TEXT)", "SELECT 1");
  }

  @Test
  void turnsLineEndsToLfButLeavesStringsAlone() {
    assertThat(texts("SELECT\r\n 'a\r\nb';\r\n")).containsExactly("SELECT\n 'a\r\nb'");
  }

  @Test
  void skipsTheByteOrderMarkOfAnEditor() {
    assertThat(texts("\uFEFFSELECT 1;")).containsExactly("SELECT 1");
  }

  @Test
  void findsNothingInBlanksAndClosedComments() {
    assertThat(texts(" ;; \n -- nothing\n /* closed */")).isEmpty();
  }

  @Test
  void saysWhichStatementIsNeverClosed() {
    assertThat(SqlStatements.split("SELECT 1; SELECT 'x; SELECT 2"))
        .extracting(SqlStatement::isOpen)
        .containsExactly(false, true);
    assertThat(SqlStatements.split("SELECT 1 /* x; SELECT 2"))
        .extracting(SqlStatement::isOpen)
        .containsExactly(true);
  }

  private static List<String> texts(String sql) {
    return SqlStatements.split(sql).stream().map(SqlStatement::text).toList();
  }
}
