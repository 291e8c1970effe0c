package dev.gitblobs.ops.migrate.sql;

import dev.gitblobs.ops.migrate.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQLite text into tokens by SQLite's own rules (https://www.sqlite.org/lang.html, its
 * tokenize.c). Nothing is lost: the tokens' texts, joined, are the text. No text makes it fail.
 */
public final class SqlTokens {
  private final String sql;
  private final List<SqlToken> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  private SqlTokens(String sql) {
    this.sql = sql;
  }

  /** The tokens of a text, in order. */
  public static List<SqlToken> of(String sql) {
    SqlTokens scanner = new SqlTokens(sql);
    while (scanner.at < sql.length()) {
      scanner.next();
    }
    return scanner.tokens;
  }

  private void next() {
    char c = sql.charAt(at);
    if (sql.startsWith("--", at)) {
      int end = sql.indexOf('\n', at);
      add(Kind.COMMENT, end < 0 ? sql.length() : end);
    } else if (sql.startsWith("/*", at)) {
      int end = sql.indexOf("*/", at + 2);
      add(end < 0 ? Kind.OPEN : Kind.COMMENT, end < 0 ? sql.length() : end + 2);
    } else if (c == '\'') {
      addQuoted(Kind.STRING, c);
    } else if (c == '"' || c == '`') {
      addQuoted(Kind.QUOTED_NAME, c);
    } else if (c == '[') {
      int end = sql.indexOf(']', at);
      add(end < 0 ? Kind.OPEN : Kind.QUOTED_NAME, end < 0 ? sql.length() : end + 1);
    } else if (isSpace(c)) {
      add(Kind.SPACE, endOfRun(true));
    } else if (isWordPart(c)) {
      add(Kind.WORD, endOfRun(false));
    } else {
      add(Kind.SIGN, at + 1);
    }
  }

  /** A doubled quote stands for itself and so ends nothing. */
  private void addQuoted(Kind kind, char quote) {
    int end = sql.indexOf(quote, at + 1);
    while (end >= 0 && end + 1 < sql.length() && sql.charAt(end + 1) == quote) {
      end = sql.indexOf(quote, end + 2);
    }
    add(end < 0 ? Kind.OPEN : kind, end < 0 ? sql.length() : end + 1);
  }

  private int endOfRun(boolean ofSpace) {
    int end = at + 1;
    while (end < sql.length()
        && (ofSpace ? isSpace(sql.charAt(end)) : isWordPart(sql.charAt(end)))) {
      end++;
    }
    return end;
  }

  private void add(Kind kind, int end) {
    String text = sql.substring(at, end);
    tokens.add(new SqlToken(kind, text, line));
    line += (int) text.chars().filter(c -> c == '\n').count();
    at = end;
  }

  /** A byte order mark counts as space: editors leave it, SQLite would refuse it. */
  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == '\uFEFF';
  }

  /** SQLite takes every character beyond ASCII as part of a name. */
  private static boolean isWordPart(char c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || c == '_'
        || c == '$'
        || c >= 0x80;
  }
}
