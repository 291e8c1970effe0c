package dev.gitblobs.client.json;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which JavaScript lists an object's own keys (FORMAT.md 2.2): integer-like keys
 * first, ascending; then the others as inserted.
 */
public final class PropertyOrder {
  /** The greatest integer-like key: an array index is below 2^32 - 1. */
  private static final long GREATEST_INDEX = 4_294_967_294L;

  private PropertyOrder() {}

  /** A copy of the map in JS property order. */
  public static <V> Map<String, V> of(Map<String, V> members) {
    List<String> indices = new ArrayList<>();
    for (String key : members.keySet()) {
      if (isIndex(key)) {
        indices.add(key);
      }
    }
    if (indices.isEmpty()) {
      return new LinkedHashMap<>(members);
    }
    indices.sort(Comparator.comparingLong(Long::parseLong));
    Map<String, V> ordered = new LinkedHashMap<>();
    for (String key : indices) {
      V value = members.get(key);
      if (value != null) {
        ordered.put(key, value);
      }
    }
    members.forEach(ordered::putIfAbsent);
    return ordered;
  }

  private static boolean isIndex(String key) {
    int length = key.length();
    if (length == 0 || length > 10 || (key.charAt(0) == '0' && length > 1)) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (key.charAt(i) < '0' || key.charAt(i) > '9') {
        return false;
      }
    }
    return Long.parseLong(key) <= GREATEST_INDEX;
  }
}
