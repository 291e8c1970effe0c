package dev.gitblobs.ops.migrate.sql;

import java.util.List;

/**
 * One SQL statement of a file.
 *
 * @param text what is sent: each comment is one space, line ends outside of strings are LF, no
 *     final semicolon
 * @param line the line its first token is on, from 1
 * @param tokens what it consists of, without space and comments
 */
public record SqlStatement(String text, int line, List<SqlToken> tokens) {
  /** Copies the tokens. */
  public SqlStatement {
    tokens = List.copyOf(tokens);
  }

  /** Whether a string, quoted name or comment in it is never closed. */
  public boolean isOpen() {
    return tokens.stream().anyMatch(token -> token.kind() == SqlToken.Kind.OPEN);
  }

  /** Whether it begins with these keywords. */
  public boolean startsWith(String... keywords) {
    for (int i = 0; i < keywords.length; i++) {
      if (i >= tokens.size() || !tokens.get(i).is(keywords[i])) {
        return false;
      }
    }
    return true;
  }

  /** Its beginning on one line, for messages. */
  public String excerpt() {
    String oneLine = text.replaceAll("\\s+", " ");
    return oneLine.length() <= 100 ? oneLine : oneLine.substring(0, 97) + "...";
  }
}
