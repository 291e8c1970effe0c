package dev.gitblobs.ops.migrate.trial;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds rows again after a change: by their key, else by what they have in common. */
final class RowMatcher {
  private RowMatcher() {}

  /**
   * Which row each became.
   *
   * @param before the rows, by column
   * @param after what is there now, by column
   * @param key the columns that tell rows apart, if any
   * @param isSameRows whether no row can have gone, so that what is left over became each other
   * @return for each row of before its index in after, or -1
   */
  static int[] match(
      List<Map<String, @Nullable Object>> before,
      List<Map<String, @Nullable Object>> after,
      List<String> key,
      boolean isSameRows) {
    int[] found = new int[before.size()];
    Set<Integer> taken = new HashSet<>();
    boolean hasKey = !key.isEmpty() && !after.isEmpty() && after.get(0).keySet().containsAll(key);
    Map<List<String>, Integer> byKey = new HashMap<>();
    if (hasKey) {
      for (int i = 0; i < after.size(); i++) {
        byKey.putIfAbsent(keyOf(after.get(i), key), i);
      }
    }
    for (int i = 0; i < before.size(); i++) {
      Integer same = byKey.get(keyOf(before.get(i), key));
      found[i] = same != null && taken.add(same) ? same : -1;
    }
    for (int i = 0; i < before.size(); i++) {
      if (found[i] < 0) {
        found[i] = mostAlike(before, i, after, taken);
      }
    }
    if (isSameRows) {
      pairTheRest(found, after.size(), taken);
    }
    return found;
  }

  private static void pairTheRest(int[] found, int count, Set<Integer> taken) {
    int next = 0;
    for (int i = 0; i < found.length; i++) {
      while (found[i] < 0 && next < count) {
        found[i] = taken.add(next) ? next : -1;
        next++;
      }
    }
  }

  private static int mostAlike(
      List<Map<String, @Nullable Object>> before,
      int row,
      List<Map<String, @Nullable Object>> after,
      Set<Integer> taken) {
    int best = -1;
    int bestScore = 0;
    for (int i = 0; i < after.size(); i++) {
      int score = taken.contains(i) ? 0 : score(before, row, after.get(i));
      if (score > bestScore) {
        best = i;
        bestScore = score;
      }
    }
    if (best >= 0) {
      taken.add(best);
    }
    return best;
  }

  /** How many columns agree; 0 unless all do, or one that no other row has the same value in. */
  private static int score(
      List<Map<String, @Nullable Object>> before, int row, Map<String, @Nullable Object> after) {
    int equal = 0;
    int common = 0;
    boolean isDistinct = false;
    for (Map.Entry<String, @Nullable Object> cell : before.get(row).entrySet()) {
      if (!after.containsKey(cell.getKey())) {
        continue;
      }
      common++;
      if (same(cell.getValue(), after.get(cell.getKey()))) {
        equal++;
        isDistinct |= cell.getValue() != null && isOnly(before, row, cell.getKey());
      }
    }
    return isDistinct || (equal == common && common > 0) ? equal : 0;
  }

  private static boolean isOnly(List<Map<String, @Nullable Object>> rows, int row, String column) {
    for (int i = 0; i < rows.size(); i++) {
      if (i != row && same(rows.get(i).get(column), rows.get(row).get(column))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> keyOf(Map<String, @Nullable Object> row, List<String> key) {
    List<String> parts = new ArrayList<>();
    key.forEach(column -> parts.add(plain(row.get(column))));
    return parts;
  }

  /** Whether they are the same value, be it stored as text or as a number. */
  static boolean same(@Nullable Object one, @Nullable Object other) {
    return plain(one).equals(plain(other));
  }

  private static String plain(@Nullable Object value) {
    if (value == null) {
      return "\0null";
    }
    if (value instanceof Double number && !number.isNaN() && !number.isInfinite()) {
      return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
    return value.toString();
  }
}
