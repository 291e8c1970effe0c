package dev.gitblobs.ops.migrate.lint;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What is known of the database that files are for.
 *
 * @param applied names of the files that it has
 * @param definitions how its tables, indexes, triggers and views were made, in this order
 * @param filled names of its tables that have rows, lower case
 * @param edited names of files that it has in another form
 * @param count how many rows a table of it has
 */
public record Known(
    Set<String> applied,
    List<String> definitions,
    Set<String> filled,
    Set<String> edited,
    Function<String, Long> count) {
  /** Copies the collections. */
  public Known {
    applied = Set.copyOf(applied);
    definitions = List.copyOf(definitions);
    filled = Set.copyOf(filled);
    edited = Set.copyOf(edited);
  }
}
