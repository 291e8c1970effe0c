package dev.gitblobs.ops.migrate.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits SQLite text into statements, so that no server has to: at each semicolon that is not
 * inside a string, a quoted name, a comment or a trigger's body. Comments and blank statements are
 * left out; a final semicolon is not needed.
 */
public final class SqlStatements {
  private final List<SqlStatement> statements = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final List<SqlToken> tokens = new ArrayList<>();

  private SqlStatements() {}

  /** The statements of a text, in order. */
  public static List<SqlStatement> split(String sql) {
    SqlStatements splitter = new SqlStatements();
    SqlTokens.of(sql).forEach(splitter::take);
    splitter.finish();
    return List.copyOf(splitter.statements);
  }

  private void take(SqlToken token) {
    if (token.isSign(';') && !isInsideTrigger()) {
      finish();
      return;
    }
    switch (token.kind()) {
      case COMMENT -> text.append(' ');
      case SPACE -> text.append(token.text().replace("\r\n", "\n").replace("\uFEFF", ""));
      default -> {
        text.append(token.text());
        tokens.add(token);
      }
    }
  }

  /**
   * A trigger ends with the END that follows a semicolon, as in sqlite3_complete()
   * (https://www.sqlite.org/c3ref/complete.html): the END of a CASE never follows one.
   */
  private boolean isInsideTrigger() {
    int last = tokens.size() - 1;
    boolean ended = last > 0 && tokens.get(last).is("END") && tokens.get(last - 1).isSign(';');
    return isTrigger() && !ended;
  }

  private boolean isTrigger() {
    int at = 0;
    if (isAt(at, "EXPLAIN")) {
      at += isAt(1, "QUERY") && isAt(2, "PLAN") ? 3 : 1;
    }
    if (!isAt(at, "CREATE")) {
      return false;
    }
    return isAt(at + 1, "TRIGGER")
        || ((isAt(at + 1, "TEMP") || isAt(at + 1, "TEMPORARY")) && isAt(at + 2, "TRIGGER"));
  }

  private boolean isAt(int index, String keyword) {
    return index < tokens.size() && tokens.get(index).is(keyword);
  }

  private void finish() {
    if (!tokens.isEmpty()) {
      statements.add(new SqlStatement(text.toString().strip(), tokens.get(0).line(), tokens));
    }
    text.setLength(0);
    tokens.clear();
  }
}
