package dev.gitblobs.cloudflare.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Splits SQL at the semicolons that end a statement: not those in strings, quoted names, comments
 * or the body of a trigger. States and tokens are those of SQLite's own sqlite3_complete(): the
 * body of a trigger ends at a semicolon, END and a semicolon, whatever stands in between.
 */
final class SqlStatements {
  private static final String SPACES = " \t\n\f\r";
  private static final char BYTE_ORDER_MARK = '\ufeff';

  /** Where a statement stands; only a trigger is not ended by its first semicolon. */
  private enum State {
    START,
    NORMAL,
    EXPLAIN,
    CREATE,
    TRIGGER,
    SEMICOLON_IN_TRIGGER,
    END_OF_TRIGGER
  }

  private final String sql;
  private final List<String> statements = new ArrayList<>();
  private State state = State.START;
  private int start;
  private int at;
  private boolean hasToken;

  private SqlStatements(String sql) {
    this.sql = sql;
  }

  /** The statements without their final semicolons; those of comments and blanks are left out. */
  static List<String> split(String sql) {
    boolean marked = !sql.isEmpty() && sql.charAt(0) == BYTE_ORDER_MARK;
    SqlStatements splitter = new SqlStatements(marked ? sql.substring(1) : sql);
    splitter.run();
    return splitter.statements;
  }

  private void run() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (SPACES.indexOf(c) >= 0) {
        at++;
      } else if (sql.startsWith("--", at)) {
        skipTo("\n", at + 2);
      } else if (sql.startsWith("/*", at)) {
        skipTo("*/", at + 2);
      } else if (c == ';') {
        at++;
        semicolon();
      } else {
        token(c);
      }
    }
    end(sql.length());
  }

  private void semicolon() {
    boolean isInBody = state == State.TRIGGER || state == State.SEMICOLON_IN_TRIGGER;
    if (isInBody) {
      state = State.SEMICOLON_IN_TRIGGER;
    } else {
      end(at - 1);
    }
  }

  private void end(int end) {
    if (hasToken) {
      statements.add(strip(sql.substring(start, end)));
    }
    start = at;
    hasToken = false;
    state = State.START;
  }

  private static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && SPACES.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    while (to > from && SPACES.indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return text.substring(from, to);
  }

  private void token(char first) {
    hasToken = true;
    int from = at;
    if (first == '\'' || first == '"' || first == '`') {
      skipTo(String.valueOf(first), at + 1);
    } else if (first == '[') {
      skipTo("]", at + 1);
    } else if (isNamePart(first)) {
      while (at < sql.length() && isNamePart(sql.charAt(at))) {
        at++;
      }
      state = after(sql.substring(from, at).toUpperCase(Locale.ROOT));
      return;
    } else {
      at++;
    }
    state = after("");
  }

  /** What SQLite counts to names and numbers, of any alphabet. */
  private static boolean isNamePart(char c) {
    return c >= 0x80
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '$';
  }

  private State after(String word) {
    return switch (state) {
      case START ->
          switch (word) {
            case "CREATE" -> State.CREATE;
            case "EXPLAIN" -> State.EXPLAIN;
            default -> State.NORMAL;
          };
      case EXPLAIN ->
          switch (word) {
            case "CREATE" -> State.CREATE;
            case "QUERY", "PLAN" -> State.EXPLAIN;
            default -> State.NORMAL;
          };
      case CREATE ->
          switch (word) {
            case "TEMP", "TEMPORARY" -> State.CREATE;
            case "TRIGGER" -> State.TRIGGER;
            default -> State.NORMAL;
          };
      case SEMICOLON_IN_TRIGGER -> word.equals("END") ? State.END_OF_TRIGGER : State.TRIGGER;
      case END_OF_TRIGGER -> State.TRIGGER;
      case NORMAL, TRIGGER -> state;
    };
  }

  private void skipTo(String end, int from) {
    int found = sql.indexOf(end, from);
    at = found < 0 ? sql.length() : found + end.length();
  }
}
