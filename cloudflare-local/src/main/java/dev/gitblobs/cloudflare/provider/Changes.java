package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The differences between old and new inputs of a resource, down to single fields. */
final class Changes {
  /** How a field differs. */
  enum Kind {
    ADDED,
    REMOVED,
    CHANGED
  }

  /**
   * One difference.
   *
   * @param path in Pulumi's notation, such as {@code bindings[2].text}
   * @param replaces whether it replaces the resource
   */
  record Change(String path, Kind kind, boolean replaces) {}

  private final List<Change> found = new ArrayList<>();

  private Changes() {}

  static List<Change> between(ObjectNode olds, ObjectNode news, Properties properties) {
    var changes = new Changes();
    for (var name : names(olds, news)) {
      if (!name.startsWith("__")) {
        changes.compare(
            name, olds.get(name), news.get(name), properties.replacing().contains(name));
      }
    }
    return List.copyOf(changes.found);
  }

  private void compare(
      String path, @Nullable JsonNode old, @Nullable JsonNode now, boolean replaces) {
    if (old == null || now == null) {
      if (old != null || now != null) {
        found.add(new Change(path, old == null ? Kind.ADDED : Kind.REMOVED, replaces));
      }
      return;
    }
    if (old instanceof ObjectNode oldObject && now instanceof ObjectNode newObject) {
      for (var name : names(oldObject, newObject)) {
        compare(path + "." + name, oldObject.get(name), newObject.get(name), replaces);
      }
    } else if (old.isArray() && now.isArray()) {
      for (var i = 0; i < Math.max(old.size(), now.size()); i++) {
        compare(path + "[" + i + "]", old.get(i), now.get(i), replaces);
      }
    } else if (Wire.isUnknown(now) || !old.equals(now)) {
      found.add(new Change(path, Kind.CHANGED, replaces));
    }
  }

  private static SortedSet<String> names(ObjectNode olds, ObjectNode news) {
    var names = new TreeSet<String>();
    olds.fieldNames().forEachRemaining(names::add);
    news.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
