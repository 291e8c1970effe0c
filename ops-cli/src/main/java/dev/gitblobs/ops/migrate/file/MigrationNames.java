package dev.gitblobs.ops.migrate.file;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What names of migrations say about their order: the same as to wrangler. */
public final class MigrationNames {
  /**
   * Folder by folder: the leading number, then the letters; what has no number comes after what has
   * one.
   */
  static final Comparator<String> ORDER = MigrationNames::compare;

  private static final Pattern LEADING_NUMBER = Pattern.compile("\\s*(\\d{1,18})");

  private MigrationNames() {}

  /** Whether the name begins with a number. */
  public static boolean isNumbered(String name) {
    return LEADING_NUMBER.matcher(name).lookingAt();
  }

  /** The number that the name begins with; 0 without one. */
  public static long number(String name) {
    Matcher matcher = LEADING_NUMBER.matcher(name);
    return matcher.lookingAt() ? Long.parseLong(matcher.group(1)) : 0;
  }

  private static int compare(String one, String other) {
    String[] left = one.split("/", -1);
    String[] right = other.split("/", -1);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int order = compareParts(left[i], right[i]);
      if (order != 0) {
        return order;
      }
    }
    return left.length - right.length;
  }

  private static int compareParts(String one, String other) {
    if (isNumbered(one) != isNumbered(other)) {
      return isNumbered(one) ? -1 : 1;
    }
    int order = Long.compare(number(one), number(other));
    return order != 0 ? order : one.compareTo(other);
  }
}
