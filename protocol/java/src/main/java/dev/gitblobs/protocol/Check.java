package dev.gitblobs.protocol;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of single fields (PROTOCOL.md 5 and 6). Each throws {@link IllegalArgumentException}
 * naming the field, never its content: a refused value may be a secret.
 */
final class Check {
  /** The largest whole number that JSON readers of all languages hold exactly. */
  static final long MAX_COUNT = (1L << 53) - 1;

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern MID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern MEMBER = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._()-]{0,63}");
  private static final Pattern REF = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}");
  private static final Pattern EPOCH = Pattern.compile("[a-z0-9]{1,16}");
  private static final Pattern NEXT = Pattern.compile("[0-9.]{1,64}");
  private static final Pattern BASE64 =
      Pattern.compile(
          "(?:[A-Za-z0-9+/]{4})*+"
              + "(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?");
  private static final Pattern FEATURE = Pattern.compile("[a-z][a-z0-9_]{0,31}");
  private static final int MAX_FEATURES = 32;
  private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  private Check() {}

  static void that(String field, boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("field " + field + " is not as described");
    }
  }

  private static void match(String field, @Nullable String value, Pattern pattern) {
    that(field, value == null || pattern.matcher(value).matches());
  }

  static void range(String field, @Nullable Number value, long min, long max) {
    that(field, value == null || (value.longValue() >= min && value.longValue() <= max));
  }

  static void count(String field, @Nullable Long value) {
    range(field, value, 0, MAX_COUNT);
  }

  static void hash(@Nullable String value) {
    match("hash", value, HASH);
  }

  static void mid(String value) {
    match("mid", value, MID);
  }

  static void member(String field, String value) {
    match(field, value, MEMBER);
  }

  static void device(String field, @Nullable String value) {
    match(field, value, DEVICE);
  }

  static void ref(String value) {
    match("ref", value, REF);
  }

  static void epoch(@Nullable String value) {
    match("epoch", value, EPOCH);
  }

  static void next(@Nullable String value) {
    match("next", value, NEXT);
  }

  static void code(String value) {
    match("code", value, CODE);
  }

  /** Base64 with its padding, in the one spelling there is for these bytes. */
  static void base64(String field, @Nullable String value, int minBytes, int maxBytes) {
    if (value != null) {
      int padding = value.endsWith("==") ? 2 : value.endsWith("=") ? 1 : 0;
      range(field, value.length() / 4 * 3 - padding, minBytes, maxBytes);
      match(field, value, BASE64);
    }
  }

  static void note(@Nullable String value) {
    base64("note", value, 1, Limits.NOTE_BYTES);
  }

  static @Nullable List<String> features(@Nullable List<String> values) {
    if (values == null) {
      return null;
    }
    values.forEach(value -> match("features", value, FEATURE));
    that("features", Set.copyOf(values).size() == values.size());
    return list("features", values, 0, MAX_FEATURES);
  }

  static void ttl(@Nullable Integer seconds) {
    range("ttl", seconds, 1, Integer.MAX_VALUE);
  }

  /** A text that is whole Unicode and no longer than the limit in UTF-8. */
  static void text(String field, @Nullable String value, int maxBytes) {
    if (value != null) {
      that(field, StandardCharsets.UTF_8.newEncoder().canEncode(value));
      that(field, value.getBytes(StandardCharsets.UTF_8).length <= maxBytes);
    }
  }

  static <T> List<T> list(String field, List<T> values, int min, int max) {
    range(field, values.size(), min, max);
    return List.copyOf(values);
  }

  /** What a list costs is bounded by what it names: it names nothing twice. */
  static void distinct(String field, Stream<ObjectKey> keys) {
    Set<ObjectKey> seen = new HashSet<>();
    that(field, keys.allMatch(seen::add));
  }

  static void body(int len, Body body) {
    that("len", body.length() == len);
  }
}
