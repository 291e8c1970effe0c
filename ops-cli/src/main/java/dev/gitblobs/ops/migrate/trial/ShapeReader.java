package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.sql.SqlToken;
import dev.gitblobs.ops.migrate.sql.SqlTokens;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a database consists of. */
final class ShapeReader {
  private static final String COLUMNS =
      "SELECT m.name, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden"
          + " FROM sqlite_schema AS m, pragma_table_xinfo(m.name) AS x WHERE m.type = 'table'";
  private static final String KEYS =
      "SELECT m.name, f.id, f.\"table\", f.\"from\", f.\"to\", f.on_delete, f.on_update"
          + " FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f"
          + " WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq";
  private static final String INDEXES =
      "SELECT m.name, i.name, i.\"unique\", c.name, s.sql FROM sqlite_schema AS m,"
          + " pragma_index_list(m.name) AS i, pragma_index_xinfo(i.name) AS c"
          + " LEFT JOIN sqlite_schema AS s ON s.name = i.name AND s.type = 'index'"
          + " WHERE m.type = 'table' AND c.key ORDER BY m.name, i.seq, c.seqno";

  private final TrialDatabase database;
  private final Set<String> hidden;
  private final Map<String, List<ColumnShape>> columns = new HashMap<>();
  private final Map<String, List<ForeignKey>> keys = new HashMap<>();
  private final Map<String, List<IndexShape>> indexes = new HashMap<>();

  private ShapeReader(TrialDatabase database, Set<String> hidden) {
    this.database = database;
    this.hidden = hidden;
  }

  /**
   * Reads it.
   *
   * @param hidden names of tables to leave out, lower case
   */
  static Shape read(TrialDatabase database, Set<String> hidden) {
    try {
      return new ShapeReader(database, hidden).read();
    } catch (SQLException e) {
      throw new IllegalStateException("SQLite could not tell its schema", e);
    }
  }

  private Shape read() throws SQLException {
    readColumns();
    readKeys();
    readIndexes();
    Map<String, TableShape> tables = new LinkedHashMap<>();
    Map<String, Shape.Trigger> triggers = new LinkedHashMap<>();
    Map<String, String> views = new LinkedHashMap<>();
    Set<String> shadows = shadows();
    for (List<@Nullable Object> row :
        database.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid")) {
      String name = text(row.get(1));
      String key = lower(name);
      String sql = text(row.get(3));
      if (isHidden(key) || shadows.contains(key)) {
        continue;
      }
      switch (text(row.get(0))) {
        case "table" -> tables.put(key, table(name, sql));
        case "trigger" -> triggers.put(key, new Shape.Trigger(name, lower(text(row.get(2))), sql));
        case "view" -> views.put(key, sql);
        default -> {} // an index: told with its table
      }
    }
    return new Shape(tables, triggers, views);
  }

  private boolean isHidden(String key) {
    return key.startsWith("sqlite_") || key.startsWith("_cf_") || hidden.contains(key);
  }

  /** The tables in which virtual ones keep their rows. */
  private Set<String> shadows() throws SQLException {
    Set<String> shadows = new HashSet<>();
    for (List<@Nullable Object> row :
        database.rows("SELECT name FROM pragma_table_list WHERE type = 'shadow'")) {
      shadows.add(lower(text(row.get(0))));
    }
    return shadows;
  }

  private TableShape table(String name, String sql) {
    List<SqlToken> tokens =
        SqlTokens.of(sql).stream()
            .filter(t -> t.kind() != SqlToken.Kind.SPACE && t.kind() != SqlToken.Kind.COMMENT)
            .toList();
    String key = lower(name);
    return new TableShape(
        name,
        tokens.size() > 1 && tokens.get(1).is("VIRTUAL"),
        sql,
        columns.getOrDefault(key, List.of()),
        keys.getOrDefault(key, List.of()),
        indexes.getOrDefault(key, List.of()),
        checks(tokens));
  }

  private static List<String> checks(List<SqlToken> tokens) {
    List<String> checks = new ArrayList<>();
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).is("CHECK") && tokens.get(i + 1).isSign('(')) {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (int j = i + 1; j < tokens.size(); j++) {
          depth += tokens.get(j).isSign('(') ? 1 : tokens.get(j).isSign(')') ? -1 : 0;
          text.append(tokens.get(j).text()).append(' ');
          if (depth == 0) {
            break;
          }
        }
        checks.add(text.toString().strip());
      }
    }
    return checks;
  }

  private void readColumns() throws SQLException {
    for (List<@Nullable Object> row : database.rows(COLUMNS)) {
      long kind = number(row.get(6));
      if (kind == 1) {
        continue; // hidden column of a virtual table
      }
      columns
          .computeIfAbsent(lower(text(row.get(0))), table -> new ArrayList<>())
          .add(
              new ColumnShape(
                  text(row.get(1)),
                  text(row.get(2)).toUpperCase(Locale.ROOT),
                  number(row.get(3)) != 0,
                  row.get(4) == null ? null : text(row.get(4)),
                  (int) number(row.get(5)),
                  kind > 1));
    }
  }

  private void readKeys() throws SQLException {
    Map<String, List<List<@Nullable Object>>> parts = new LinkedHashMap<>();
    for (List<@Nullable Object> row : database.rows(KEYS)) {
      parts.computeIfAbsent(row.get(0) + "/" + row.get(1), key -> new ArrayList<>()).add(row);
    }
    for (List<List<@Nullable Object>> rows : parts.values()) {
      List<@Nullable Object> first = rows.get(0);
      List<String> from = rows.stream().map(row -> lower(text(row.get(3)))).toList();
      List<String> to =
          rows.stream().map(row -> lower(text(row.get(4)))).filter(t -> !t.isEmpty()).toList();
      keys.computeIfAbsent(lower(text(first.get(0))), table -> new ArrayList<>())
          .add(
              new ForeignKey(
                  lower(text(first.get(2))), from, to, text(first.get(5)), text(first.get(6))));
    }
  }

  private void readIndexes() throws SQLException {
    Map<String, List<List<@Nullable Object>>> parts = new LinkedHashMap<>();
    for (List<@Nullable Object> row : database.rows(INDEXES)) {
      parts.computeIfAbsent(text(row.get(1)), key -> new ArrayList<>()).add(row);
    }
    for (Map.Entry<String, List<List<@Nullable Object>>> part : parts.entrySet()) {
      List<@Nullable Object> first = part.getValue().get(0);
      List<String> covered =
          part.getValue().stream()
              .map(row -> row.get(3) == null ? "*" : lower(text(row.get(3))))
              .toList();
      indexes
          .computeIfAbsent(lower(text(first.get(0))), table -> new ArrayList<>())
          .add(
              new IndexShape(
                  lower(part.getKey()),
                  number(first.get(2)) != 0,
                  first.get(4) == null ? null : text(first.get(4)),
                  covered));
    }
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }
}
