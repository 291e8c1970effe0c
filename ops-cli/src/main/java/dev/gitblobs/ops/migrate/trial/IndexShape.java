package dev.gitblobs.ops.migrate.trial;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One index of a table.
 *
 * @param name its name, lower case
 * @param isUnique whether it refuses equal rows
 * @param sql how it was made; null when a constraint of the table made it
 * @param columns what it covers, lower case; an expression is {@code *}
 */
record IndexShape(String name, boolean isUnique, @Nullable String sql, List<String> columns) {
  IndexShape {
    columns = List.copyOf(columns);
  }

  /** Whether it does for queries and for rows what the other does. */
  boolean isLike(IndexShape other) {
    return isUnique == other.isUnique
        && columns.equals(other.columns)
        && !columns.contains("*")
        && isPartial() == other.isPartial();
  }

  private boolean isPartial() {
    return sql != null && sql.toUpperCase(java.util.Locale.ROOT).contains(" WHERE ");
  }
}
