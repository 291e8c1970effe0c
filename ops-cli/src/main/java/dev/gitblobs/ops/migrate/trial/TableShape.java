package dev.gitblobs.ops.migrate.trial;

import java.util.List;
import java.util.Optional;

/**
 * One table.
 *
 * @param name as written
 * @param isVirtual whether a module keeps its rows
 * @param sql how it was made
 * @param columns in their order, without those that are hidden
 * @param foreignKeys what it refers to
 * @param indexes those of it, also of its constraints
 * @param checks the expressions of its CHECKs, tokens joined by a space
 */
record TableShape(
    String name,
    boolean isVirtual,
    String sql,
    List<ColumnShape> columns,
    List<ForeignKey> foreignKeys,
    List<IndexShape> indexes,
    List<String> checks) {
  TableShape {
    columns = List.copyOf(columns);
    foreignKeys = List.copyOf(foreignKeys);
    indexes = List.copyOf(indexes);
    checks = List.copyOf(checks);
  }

  Optional<ColumnShape> column(String key) {
    return columns.stream().filter(column -> column.key().equals(key)).findFirst();
  }

  /** Names of the primary key's columns, lower case, in its order. */
  List<String> primaryKey() {
    return columns.stream()
        .filter(column -> column.keyPart() > 0)
        .sorted(java.util.Comparator.comparingInt(ColumnShape::keyPart))
        .map(ColumnShape::key)
        .toList();
  }

  /** The columns that an INSERT may name. */
  List<ColumnShape> writable() {
    return columns.stream().filter(column -> !column.isGenerated()).toList();
  }

  /** The columns that a reference of it to that parent means there. */
  static List<String> target(ForeignKey key, TableShape parent) {
    return key.to().isEmpty() ? parent.primaryKey() : key.to();
  }
}
