package dev.gitblobs.client.object;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonText;
import dev.gitblobs.client.json.PropertyOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The text that is hashed (FORMAT.md 2.1). Sorts top-level keys only. */
public final class CanonicalText {
  private CanonicalText() {}

  /** The canonical text of a JSON object in UTF-8. */
  public static byte[] of(Json.Obj object) {
    return of(object.members(), JsonText::write);
  }

  /** The canonical text of members in JS property order, each written by {@code writeValue}. */
  static <V> byte[] of(Map<String, V> members, BiConsumer<V, StringBuilder> writeValue) {
    return sorted(members, KeyOrder.ROOT, writeValue);
  }

  /**
   * The text of these members that has this hash: in root order; as it stands; or in the order of
   * another locale, as an original client under that locale writes it. Empty when none has it.
   */
  static <V> Optional<byte[]> withHash(
      Hash hash, Map<String, V> members, BiConsumer<V, StringBuilder> writeValue) {
    byte[] canonical = of(members, writeValue);
    if (Hash.of(canonical).equals(hash)) {
      return Optional.of(canonical);
    }
    if (members.size() < 2) {
      return Optional.empty();
    }
    byte[] asItStands = text(members, writeValue);
    if (Hash.of(asItStands).equals(hash)) {
      return Optional.of(asItStands);
    }
    return KeyOrder.foreign().stream()
        .map(order -> sorted(members, order, writeValue))
        .filter(bytes -> Hash.of(bytes).equals(hash))
        .findFirst();
  }

  private static <V> byte[] sorted(
      Map<String, V> members, Comparator<String> order, BiConsumer<V, StringBuilder> writeValue) {
    List<Map.Entry<String, V>> entries = new ArrayList<>(members.entrySet());
    entries.sort(Map.Entry.comparingByKey(order));
    Map<String, V> sorted = new LinkedHashMap<>();
    entries.forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return text(PropertyOrder.of(sorted), writeValue);
  }

  private static <V> byte[] text(Map<String, V> members, BiConsumer<V, StringBuilder> writeValue) {
    StringBuilder out = new StringBuilder();
    JsonText.writeObject(members, writeValue, out);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }
}
