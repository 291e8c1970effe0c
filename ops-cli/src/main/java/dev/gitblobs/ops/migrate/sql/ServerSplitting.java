package dev.gitblobs.ops.migrate.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which statements D1's query call may cut. It splits each text that it gets, also one that is sent
 * as a statement of its own, and public reports name triggers that it cut: at the END of a CASE, at
 * line ends with CR, where BEGIN and END are not capitals. An import is not split in that way.
 */
public final class ServerSplitting {
  private static final Set<String> KEYWORDS = Set.of("CREATE", "TRIGGER", "BEGIN", "END");

  /** What may be taken for the end of a statement where it is text. */
  private static final Pattern MISLEADING =
      Pattern.compile(";|\\r|\\b(begin|end|case)\\b", Pattern.CASE_INSENSITIVE);

  private ServerSplitting() {}

  /** Whether a server might take that one statement for several. */
  public static boolean mayCut(SqlStatement statement) {
    boolean hasSemicolonInName =
        statement.tokens().stream()
            .anyMatch(
                token ->
                    token.kind() == SqlToken.Kind.QUOTED_NAME && token.text().indexOf(';') >= 0);
    return hasSemicolonInName || (isTrigger(statement) && !isPlain(statement));
  }

  private static boolean isTrigger(SqlStatement statement) {
    return statement.startsWith("CREATE", "TRIGGER")
        || statement.startsWith("CREATE", "TEMP", "TRIGGER")
        || statement.startsWith("CREATE", "TEMPORARY", "TRIGGER");
  }

  /** One BEGIN and one END, in capitals, and nothing that looks like another. */
  private static boolean isPlain(SqlStatement statement) {
    List<SqlToken> tokens = statement.tokens();
    int begins = 0;
    int ends = 0;
    for (SqlToken token : tokens) {
      if (token.kind() == SqlToken.Kind.WORD) {
        String upper = token.text().toUpperCase(Locale.ROOT);
        boolean isKeyword = KEYWORDS.contains(upper);
        if (upper.equals("CASE") || (isKeyword && !upper.equals(token.text()))) {
          return false;
        }
        begins += upper.equals("BEGIN") ? 1 : 0;
        ends += upper.equals("END") ? 1 : 0;
      } else if (token.kind() != SqlToken.Kind.SIGN && MISLEADING.matcher(token.text()).find()) {
        return false;
      }
    }
    return begins == 1 && ends == 1 && statement.text().indexOf('\r') < 0;
  }
}
