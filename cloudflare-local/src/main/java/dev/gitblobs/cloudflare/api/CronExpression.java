package dev.gitblobs.cloudflare.api;

import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * A cron expression of five fields, in UTC, as Cloudflare reads it: {@code *}, lists, ranges,
 * steps, names of months and days, days of the week from 1 (Sunday) to 7 (Saturday). {@code L} and
 * {@code W} are not supported here.
 */
final class CronExpression {
  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet daysOfMonth;
  private final BitSet months;
  private final BitSet daysOfWeek;
  private final boolean eitherDay;

  private CronExpression(String[] fields) {
    minutes = field(fields[0], 0, 59, List.of());
    hours = field(fields[1], 0, 23, List.of());
    daysOfMonth = field(fields[2], 1, 31, List.of());
    months = field(fields[3], 1, 12, MONTHS);
    daysOfWeek = field(fields[4], 1, 7, DAYS);
    // When both are restricted, one of them is enough: so it is in every cron.
    eitherDay = !fields[2].startsWith("*") && !fields[4].startsWith("*");
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static CronExpression parse(String text) {
    String[] fields = text.trim().split("\\s+");
    if (fields.length != 5) {
      throw new IllegalArgumentException("five fields are expected");
    }
    return new CronExpression(fields);
  }

  /** Whether it fires in the minute of this time, which is in UTC. */
  boolean matches(ZonedDateTime time) {
    boolean dayOfMonth = daysOfMonth.get(time.getDayOfMonth());
    boolean dayOfWeek = daysOfWeek.get(time.getDayOfWeek().getValue() % 7 + 1);
    return minutes.get(time.getMinute())
        && hours.get(time.getHour())
        && months.get(time.getMonthValue())
        && (eitherDay ? (dayOfMonth || dayOfWeek) : (dayOfMonth && dayOfWeek));
  }

  private static BitSet field(String text, int min, int max, List<String> names) {
    BitSet set = new BitSet(max + 1);
    for (String item : text.split(",", -1)) {
      String[] rangeAndStep = item.split("/", -1);
      int step = rangeAndStep.length == 2 ? number(rangeAndStep[1], 1, max, List.of()) : 1;
      if (rangeAndStep.length > 2) {
        throw new IllegalArgumentException("'" + item + "' has two steps");
      }
      String[] ends = rangeAndStep[0].split("-", -1);
      boolean all = rangeAndStep[0].equals("*");
      int from = all ? min : number(ends[0], min, max, names);
      int to = ends.length == 2 ? number(ends[1], min, max, names) : from;
      if (all || (ends.length == 1 && rangeAndStep.length == 2)) {
        to = max;
      }
      if (ends.length > 2 || from > to) {
        throw new IllegalArgumentException("'" + item + "' is not a range");
      }
      for (int value = from; value <= to; value += step) {
        set.set(value);
      }
    }
    return set;
  }

  private static int number(String text, int min, int max, List<String> names) {
    int name = names.indexOf(text.toUpperCase(Locale.ROOT));
    if (name >= 0) {
      return name + 1;
    }
    if (!text.matches("\\d{1,2}")) {
      throw new IllegalArgumentException("'" + text + "' is not a number");
    }
    int value = Integer.parseInt(text);
    if (value < min || value > max) {
      throw new IllegalArgumentException(value + " is not from " + min + " to " + max);
    }
    return value;
  }
}
