package dev.gitblobs.ops.migrate.trial;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a database consists of, but for its rows. Keys are names in lower case.
 *
 * @param tables its tables, without SQLite's, D1's and the migrations' own
 * @param triggers how each was made, and on which table
 * @param views how each was made
 */
record Shape(
    Map<String, TableShape> tables, Map<String, Trigger> triggers, Map<String, String> views) {
  Shape {
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    triggers = Collections.unmodifiableMap(new LinkedHashMap<>(triggers));
    views = Collections.unmodifiableMap(new LinkedHashMap<>(views));
  }

  /**
   * A trigger.
   *
   * @param name as written
   * @param table the table it waits on, lower case
   * @param sql how it was made
   */
  record Trigger(String name, String table, String sql) {}

  /** The tables' keys, those that others refer to first; within a circle in any order. */
  List<String> parentsFirst() {
    Set<String> ordered = new LinkedHashSet<>();
    Set<String> entered = new HashSet<>();
    tables.keySet().forEach(table -> visit(table, entered, ordered));
    return List.copyOf(ordered);
  }

  private void visit(String name, Set<String> entered, Set<String> ordered) {
    TableShape table = tables.get(name);
    if (table != null && entered.add(name)) {
      table.foreignKeys().forEach(key -> visit(key.parent(), entered, ordered));
      ordered.add(name);
    }
  }

  /** Tables that refer to that one, itself left out. */
  List<TableShape> childrenOf(String table) {
    return tables.values().stream()
        .filter(child -> !child.name().equalsIgnoreCase(table))
        .filter(child -> child.foreignKeys().stream().anyMatch(key -> key.parent().equals(table)))
        .toList();
  }
}
