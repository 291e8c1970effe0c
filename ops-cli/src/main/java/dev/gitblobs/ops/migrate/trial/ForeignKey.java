package dev.gitblobs.ops.migrate.trial;

import java.util.List;
import java.util.Locale;

/**
 * One reference of a table to another.
 *
 * @param parent the table referred to, lower case
 * @param from its own columns, lower case
 * @param to the parent's columns, lower case; empty for the parent's primary key
 * @param onDelete what happens when the parent's row goes
 * @param onUpdate what happens when the parent's key changes
 */
record ForeignKey(
    String parent, List<String> from, List<String> to, String onDelete, String onUpdate) {
  ForeignKey {
    from = List.copyOf(from);
    to = List.copyOf(to);
  }

  /** {@code (user_id) REFERENCES users ON DELETE CASCADE}. */
  String text() {
    return "("
        + String.join(", ", from)
        + ") REFERENCES "
        + parent
        + (onDelete.equals("NO ACTION") ? "" : " ON DELETE " + onDelete.toUpperCase(Locale.ROOT));
  }
}
