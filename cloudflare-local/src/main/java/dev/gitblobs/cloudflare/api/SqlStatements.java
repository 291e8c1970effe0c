package dev.gitblobs.cloudflare.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Splits SQL at the semicolons that end a statement: not those in strings, quoted names, comments
 * or the body of a trigger. The rules are those of SQLite's own sqlite3_complete().
 */
final class SqlStatements {
  private final String sql;
  private final List<String> statements = new ArrayList<>();
  private int start;
  private int at;
  // Of the statement at hand: its first three words, whether it has any token, and of a trigger's
  // body whether it was opened, how deep BEGIN and CASE stand, and whether it was closed.
  private final List<String> head = new ArrayList<>();
  private boolean hasToken;
  private boolean bodyOpened;
  private boolean bodyClosed;
  private int depth;

  private SqlStatements(String sql) {
    this.sql = sql;
  }

  /** The statements without their final semicolons; those of comments and blanks are left out. */
  static List<String> split(String sql) {
    SqlStatements splitter = new SqlStatements(sql);
    splitter.run();
    return splitter.statements;
  }

  private void run() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\'' || c == '"' || c == '`') {
        skipQuoted(c);
      } else if (c == '[') {
        hasToken = true;
        skipTo("]");
      } else if (sql.startsWith("--", at)) {
        skipTo("\n");
      } else if (sql.startsWith("/*", at)) {
        skipTo("*/");
      } else if (isWordStart(c)) {
        word();
      } else if (c == ';') {
        semicolon();
      } else {
        hasToken |= !Character.isWhitespace(c);
        at++;
      }
    }
    end(sql.length());
  }

  private void semicolon() {
    at++;
    if (!isTrigger() || bodyClosed) {
      end(at - 1);
    }
  }

  private void end(int end) {
    if (hasToken) {
      statements.add(sql.substring(start, end).strip());
    }
    start = at;
    head.clear();
    hasToken = false;
    bodyOpened = false;
    bodyClosed = false;
    depth = 0;
  }

  /** CREATE [TEMP|TEMPORARY] TRIGGER */
  private boolean isTrigger() {
    return head.size() > 1
        && head.get(0).equals("CREATE")
        && (head.get(1).equals("TRIGGER")
            || (head.size() > 2
                && head.get(1).startsWith("TEMP")
                && head.get(2).equals("TRIGGER")));
  }

  private void word() {
    int from = at;
    while (at < sql.length() && isWordPart(sql.charAt(at))) {
      at++;
    }
    hasToken = true;
    String word = sql.substring(from, at).toUpperCase(Locale.ROOT);
    if (head.size() < 3) {
      head.add(word);
    }
    if (isTrigger()) {
      inTrigger(word);
    }
  }

  private void inTrigger(String word) {
    if (word.equals("BEGIN") || word.equals("CASE")) {
      bodyOpened |= word.equals("BEGIN");
      depth++;
    } else if (word.equals("END") && depth > 0) {
      depth--;
      bodyClosed = bodyOpened && depth == 0;
    }
  }

  private void skipQuoted(char quote) {
    hasToken = true;
    at++;
    skipTo(String.valueOf(quote));
  }

  private void skipTo(String end) {
    int found = sql.indexOf(end, at);
    at = found < 0 ? sql.length() : found + end.length();
  }

  private static boolean isWordStart(char c) {
    return Character.isLetter(c) || c == '_';
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || Character.isDigit(c) || c == '$';
  }
}
