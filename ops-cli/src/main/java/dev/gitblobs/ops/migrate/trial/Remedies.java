package dev.gitblobs.ops.migrate.trial;

import java.util.List;
import java.util.stream.Collectors;

/** SQL that does safely what a migration does with losses. Tests run all of it. */
final class Remedies {
  private Remedies() {}

  /** Keeps rows of a child while its parent goes and comes back. */
  static List<String> keepRows(TableShape child) {
    String kept = kept(child);
    String columns = columns(child.writable());
    return List.of(
        "-- before it:",
        "CREATE TABLE " + kept + " AS SELECT * FROM " + q(child.name()) + ";",
        "-- when the new parent has its final name and its rows:",
        "INSERT INTO "
            + q(child.name())
            + " ("
            + columns
            + ") SELECT "
            + columns
            + " FROM "
            + kept
            + ";",
        "DROP TABLE " + kept + ";");
  }

  /** Keeps what refers to a parent while that goes and comes back. */
  static List<String> keepReferences(TableShape child, List<String> cleared) {
    String kept = kept(child);
    List<String> key = child.primaryKey().isEmpty() ? List.of("rowid") : child.primaryKey();
    String match =
        key.stream()
            .map(column -> "k." + q(column) + " = " + q(child.name()) + "." + q(column))
            .collect(Collectors.joining(" AND "));
    String sets =
        cleared.stream()
            .map(
                column ->
                    q(column)
                        + " = (SELECT k."
                        + q(column)
                        + " FROM "
                        + kept
                        + " AS k WHERE "
                        + match
                        + ")")
            .collect(Collectors.joining(", "));
    String what = key.contains("rowid") ? "rowid, *" : "*";
    return List.of(
        "-- before it:",
        "CREATE TABLE " + kept + " AS SELECT " + what + " FROM " + q(child.name()) + ";",
        "-- when the new parent has its final name and its rows:",
        "UPDATE " + q(child.name()) + " SET " + sets + ";",
        "DROP TABLE " + kept + ";");
  }

  /** Takes rows out of the way of a parent that is rebuilt, and puts them back. */
  static List<String> moveAside(TableShape child) {
    List<String> lines = new java.util.ArrayList<>(keepRows(child));
    lines.add(2, "DELETE FROM " + q(child.name()) + ";");
    return lines;
  }

  /** Copies what the old table has into the new one. */
  static List<String> copyRows(TableShape old, TableShape now) {
    String columns =
        columns(
            old.writable().stream()
                .filter(c -> now.column(c.key()).filter(n -> !n.isGenerated()).isPresent())
                .toList());
    return List.of(
        "-- before the old table is dropped, with the new table's name for now in place of NEW:",
        "INSERT INTO NEW (" + columns + ") SELECT " + columns + " FROM " + q(old.name()) + ";");
  }

  /** Writes what is new and leaves the row that is there. */
  static List<String> upsert(TableShape table) {
    List<String> key = table.primaryKey();
    List<ColumnShape> rest =
        table.writable().stream().filter(column -> !key.contains(column.key())).toList();
    if (key.isEmpty() || rest.isEmpty()) {
      return List.of();
    }
    String columns = columns(table.writable());
    return List.of(
        "-- leaves a row that is there as it is:",
        "INSERT INTO "
            + q(table.name())
            + " ("
            + columns
            + ") VALUES (...)"
            + " ON CONFLICT ("
            + key.stream().map(Remedies::q).collect(Collectors.joining(", "))
            + ") DO NOTHING;");
  }

  /** Makes it again. */
  static List<String> again(String sql) {
    return List.of("-- after the new table has its name:", sql + ";");
  }

  /** Makes a view again, which SQLite checks when a table that it reads is renamed. */
  static List<String> viewAgain(String sql) {
    return List.of("-- when all tables have their final names:", sql + ";");
  }

  private static String columns(List<ColumnShape> columns) {
    return columns.stream()
        .map(ColumnShape::name)
        .map(Remedies::q)
        .collect(Collectors.joining(", "));
  }

  private static String kept(TableShape table) {
    return q("kept_" + table.name());
  }

  /** Quoted only where that is needed. */
  private static String q(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*")
            && !KEYWORDS.contains(name.toUpperCase(java.util.Locale.ROOT))
        ? name
        : TrialDatabase.quoted(name);
  }

  private static final java.util.Set<String> KEYWORDS =
      java.util.Set.of(
          "ADD",
          "ALL",
          "ALTER",
          "AND",
          "AS",
          "BETWEEN",
          "BY",
          "CASE",
          "CHECK",
          "COLLATE",
          "COMMIT",
          "CONSTRAINT",
          "CREATE",
          "CROSS",
          "CURRENT_DATE",
          "CURRENT_TIME",
          "CURRENT_TIMESTAMP",
          "DEFAULT",
          "DEFERRABLE",
          "DELETE",
          "DESC",
          "DISTINCT",
          "DROP",
          "ELSE",
          "END",
          "ESCAPE",
          "EXCEPT",
          "EXISTS",
          "FOREIGN",
          "FROM",
          "FULL",
          "GROUP",
          "HAVING",
          "IF",
          "IN",
          "INDEX",
          "INNER",
          "INSERT",
          "INTERSECT",
          "INTO",
          "IS",
          "ISNULL",
          "JOIN",
          "KEY",
          "LEFT",
          "LIKE",
          "LIMIT",
          "MATCH",
          "NATURAL",
          "NOT",
          "NOTNULL",
          "NULL",
          "OFFSET",
          "ON",
          "OR",
          "ORDER",
          "OUTER",
          "PRIMARY",
          "REFERENCES",
          "REPLACE",
          "RIGHT",
          "ROLLBACK",
          "SELECT",
          "SET",
          "TABLE",
          "THEN",
          "TO",
          "TRANSACTION",
          "TRIGGER",
          "UNION",
          "UNIQUE",
          "UPDATE",
          "USING",
          "VALUES",
          "VIEW",
          "WHEN",
          "WHERE",
          "WITH");
}
