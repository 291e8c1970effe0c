package dev.gitblobs.cloudflare.account;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Copies of unmodifiable collections with one change. */
public final class Maps {
  private Maps() {}

  /** A copy with this entry, in place of one with its key. */
  public static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
    Map<String, V> copy = new LinkedHashMap<>(map);
    copy.put(key, value);
    return copy;
  }

  /** A copy without this key. */
  public static <V> Map<String, V> without(Map<String, V> map, String key) {
    Map<String, V> copy = new LinkedHashMap<>(map);
    copy.remove(key);
    return copy;
  }

  /** A copy that begins with {@code first}. */
  public static <V> List<V> prepended(V first, List<V> rest) {
    List<V> copy = new ArrayList<>(rest.size() + 1);
    copy.add(first);
    copy.addAll(rest);
    return copy;
  }
}
