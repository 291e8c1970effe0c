package dev.gitblobs.ops.migrate.sql;

import java.util.Locale;

/**
 * One token of SQLite text.
 *
 * @param kind what it is
 * @param text exactly as written
 * @param line the line it begins on, from 1
 */
public record SqlToken(Kind kind, String text, int line) {
  /** Kinds of tokens; {@code OPEN} is a string, name or block comment that nothing closes. */
  public enum Kind {
    WORD,
    QUOTED_NAME,
    STRING,
    COMMENT,
    SPACE,
    SIGN,
    OPEN
  }

  /** Whether it is this keyword, in any case. */
  public boolean is(String keyword) {
    return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
  }

  /** Whether it is this sign. */
  public boolean isSign(char sign) {
    return kind == Kind.SIGN && text.charAt(0) == sign;
  }

  /** The name it stands for: unquoted, lower case, as SQLite compares names. */
  public String name() {
    String name = text;
    if (kind == Kind.QUOTED_NAME || kind == Kind.STRING) {
      char close = text.charAt(text.length() - 1);
      name = text.substring(1, text.length() - 1);
      name = name.replace(String.valueOf(close) + close, String.valueOf(close));
    }
    return name.toLowerCase(Locale.ROOT);
  }
}
