package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.sql.SqlToken;
import dev.gitblobs.ops.migrate.sql.SqlTokens;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Values to try for a column. */
final class SeedValues {
  private static final int LONGEST_TEXT = 5_000;

  private SeedValues() {}

  /**
   * An ordinary value, different for each row and column.
   *
   * @param first the number of the first row
   * @param row counts from 0
   * @param place the column's place in its table
   */
  static Object ordinary(ColumnShape column, int first, int row, int place) {
    int number = first + row;
    if (column.type().contains("DATE") || column.type().contains("TIME")) {
      return String.format(
          "20%02d-%02d-%02d 03:04:05", 10 + place % 80, 1 + row % 12, 2 + row % 20);
    }
    return switch (column.affinity()) {
      case INTEGER -> (long) number + (column.keyPart() > 0 ? 0 : 20L * place);
      case REAL -> number + place / 8.0 + 0.0625;
      case NUMERIC -> (long) number + 20L * place;
      default -> column.key() + " " + number;
    };
  }

  /** Whatever may satisfy a CHECK of that table. */
  static List<Object> candidates(TableShape table) {
    Set<Object> values = new LinkedHashSet<>();
    for (String check : table.checks()) {
      for (SqlToken token : SqlTokens.of(check)) {
        addLiteral(token, values);
      }
    }
    values.addAll(List.of(0L, 1L, 2L, -1L, 0.5, "", "a", "A", "{}", "[]", "[1]", "1"));
    values.addAll(List.of("2024-01-02", "2024-01-02 03:04:05", "2024-01-02T03:04:05Z", "x-y"));
    values.addAll(List.of("a@example.org", "https://example.org/a", "#a1b2c3", 1_700_000_000L));
    values.addAll(List.of("00000000-0000-4000-8000-000000000001", 1_700_000_000_000L));
    return new ArrayList<>(values);
  }

  private static void addLiteral(SqlToken token, Set<Object> values) {
    if (token.kind() == SqlToken.Kind.STRING) {
      String text = token.text().substring(1, token.text().length() - 1).replace("''", "'");
      values.add(text);
      values.add(matching(text));
    } else if (token.kind() == SqlToken.Kind.WORD && token.text().matches("\\d{1,15}")) {
      long number = Long.parseLong(token.text());
      values.addAll(List.of(number, number + 1, number - 1, -number));
      if (number > 0 && number <= LONGEST_TEXT) {
        values.add("a".repeat((int) number));
        values.add("a".repeat((int) number + 1));
      }
    }
  }

  /** A text that a pattern of LIKE or GLOB finds. */
  static String matching(String pattern) {
    return pattern
        .replace("%", "")
        .replace("*", "")
        .replace("?", "a")
        .replaceAll("\\[\\^[^]]*]", "~")
        .replaceAll("\\[([^]])[^]]*]", "$1");
  }
}
