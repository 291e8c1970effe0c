package dev.gitblobs.client.object;

/**
 * The root collation on strings of ASCII alone (table in FORMAT.md 2.3): primary weights of the
 * whole string first, then case. A property test holds it equal to ICU.
 */
final class AsciiOrder {
  /** White space and punctuation in ascending order; digits and letters follow. */
  private static final String LOWEST = "\t\n\u000b\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

  /** Zero: ignored, as all other control characters are. */
  private static final byte[] PRIMARY = primaryWeights();

  private AsciiOrder() {}

  private static byte[] primaryWeights() {
    byte[] weights = new byte[128];
    byte next = 1;
    for (int i = 0; i < LOWEST.length(); i++) {
      weights[LOWEST.charAt(i)] = next++;
    }
    for (char c = '0'; c <= '9'; c++) {
      weights[c] = next++;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      weights[c] = next;
      weights[Character.toUpperCase(c)] = next++;
    }
    return weights;
  }

  static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128) {
        return false;
      }
    }
    return true;
  }

  static int compare(String a, String b) {
    int caseDifference = 0;
    int i = 0;
    int j = 0;
    while (true) {
      i = skipIgnored(a, i);
      j = skipIgnored(b, j);
      if (i == a.length() || j == b.length()) {
        int rest = Integer.compare(a.length() - i, b.length() - j);
        return rest != 0 ? Integer.signum(rest) : caseDifference;
      }
      char x = a.charAt(i++);
      char y = b.charAt(j++);
      if (PRIMARY[x] != PRIMARY[y]) {
        return PRIMARY[x] < PRIMARY[y] ? -1 : 1;
      }
      if (caseDifference == 0 && x != y) {
        // Same letter: the upper-case one has the smaller code and sorts later.
        caseDifference = x > y ? -1 : 1;
      }
    }
  }

  private static int skipIgnored(String text, int from) {
    int at = from;
    while (at < text.length() && PRIMARY[text.charAt(at)] == 0) {
      at++;
    }
    return at;
  }
}
