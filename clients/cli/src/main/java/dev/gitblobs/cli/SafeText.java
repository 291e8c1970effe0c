package dev.gitblobs.cli;

/**
 * Text from a store made safe to show: a name or a message must not move the cursor, turn the
 * direction of what follows, or look like another one.
 */
final class SafeText {
  private static final int JOINER = 0x200d;
  private static final int EMOJI_STYLE = 0xfe0f;

  private SafeText() {}

  /** For one line, as a name is: line ends are shown too. */
  static String line(String text) {
    return escaped(text, "");
  }

  /** For text of several lines. */
  static String lines(String text) {
    return escaped(text, "\n\t");
  }

  private static String escaped(String text, String allowed) {
    StringBuilder safe = new StringBuilder(text.length());
    int before = 0;
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      int after = at < text.length() ? text.codePointAt(at) : 0;
      boolean isJoining = c == JOINER && isPicture(before) && isPicture(after);
      if (allowed.indexOf(c) >= 0 || isJoining || !isDeceptive(c)) {
        safe.appendCodePoint(c);
      } else {
        safe.append(String.format(c < 0x100 ? "\\x%02x" : "\\u{%04x}", c));
      }
      before = c;
    }
    return safe.toString();
  }

  /** What stands beside a joiner in a picture made of several. */
  private static boolean isPicture(int c) {
    int type = Character.getType(c);
    return c == EMOJI_STYLE
        || type == Character.OTHER_SYMBOL
        || (type == Character.MODIFIER_SYMBOL && c > 0xffff);
  }

  /**
   * Controls, halves of characters, and what is there and not seen: format characters, among them
   * those that turn the direction, separators of lines, and letters that have no form.
   */
  private static boolean isDeceptive(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0 || c == 0x034f;
    };
  }
}
