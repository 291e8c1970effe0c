package dev.gitblobs.cloudflare.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlStatementsTest {
  @Test
  void endsStatementsAtSemicolonsOutsideQuotesAndComments() {
    assertThat(
            SqlStatements.split(
                "SELECT ';'; SELECT \"a;b\", `c;d`, [e;f] -- g;h\n; /* i;j */ SELECT 'it''s;'"))
        .containsExactly(
            "SELECT ';'", "SELECT \"a;b\", `c;d`, [e;f] -- g;h", "/* i;j */ SELECT 'it''s;'");
  }

  @Test
  void leavesOutWhatIsOnlyBlankOrComment() {
    assertThat(SqlStatements.split(" ;; -- nothing\n; /* nothing */ ")).isEmpty();
  }

  @Test
  void endsATriggerAtTheEndOfItsBody() {
    String trigger =
        "CREATE TEMP TRIGGER t AFTER INSERT ON a WHEN CASE new.x WHEN 1 THEN 1 ELSE 0 END"
            + " BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM a; END";
    assertThat(SqlStatements.split(trigger + "; SELECT 1;")).containsExactly(trigger, "SELECT 1");
  }

  @Test
  void takesATransactionForThreeStatements() {
    assertThat(SqlStatements.split("BEGIN; SELECT 1; END;"))
        .containsExactly("BEGIN", "SELECT 1", "END");
  }

  @Test
  void keepsAnUnfinishedQuoteToTheEnd() {
    assertThat(SqlStatements.split("SELECT 'a; SELECT 2")).containsExactly("SELECT 'a; SELECT 2");
  }
}
