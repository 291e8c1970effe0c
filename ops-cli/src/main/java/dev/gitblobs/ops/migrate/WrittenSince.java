package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How many rows were written since a time, by the times that rows keep themselves: D1 cannot be
 * asked about its past. Rows that were deleted since, and tables that keep no such times, are not
 * known.
 */
final class WrittenSince {
  /** Names, without underscores, of columns that say when a row was written. */
  private static final Pattern TIMES =
      Pattern.compile(
          "(last)?(creat(e|ed|ion)|updated?|modif(y|ied)|insert(ed)?|changed?)"
              + "(at|on|time|date|timestamp|ts|ms)?");

  private static final Statement COLUMNS =
      new Statement(
          "SELECT m.name AS name, x.name AS col FROM sqlite_schema AS m,"
              + " pragma_table_info(m.name) AS x WHERE m.type = 'table'"
              + " AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND substr(m.name, 1, 7) <> 'sqlite_'"
              + " AND substr(m.name, 1, 4) <> '_cf_' AND substr(m.name, 1, 5) <> '_ops_'");

  private WrittenSince() {}

  /**
   * Counts them.
   *
   * @param millis the time, in milliseconds since 1970
   */
  static List<Written> count(SqlDatabase database, long millis) {
    Map<String, List<String>> times = new LinkedHashMap<>();
    for (JsonNode row : database.batch(List.of(COLUMNS)).get(0)) {
      String table = row.path("name").asText();
      if (table.equalsIgnoreCase(database.ledger())) {
        continue;
      }
      List<String> columns = times.computeIfAbsent(table, key -> new ArrayList<>());
      String column = row.path("col").asText();
      if (TIMES.matcher(column.replace("_", "").toLowerCase(Locale.ROOT)).matches()) {
        columns.add(column);
      }
    }
    List<String> asked = new ArrayList<>();
    List<Statement> counts = new ArrayList<>();
    times.forEach(
        (table, columns) -> {
          if (!columns.isEmpty()) {
            asked.add(table);
            counts.add(count(table, columns, millis));
          }
        });
    List<List<JsonNode>> answers = counts.isEmpty() ? List.of() : database.batch(counts);
    List<Written> all = new ArrayList<>();
    for (String table : times.keySet()) {
      int at = asked.indexOf(table);
      all.add(new Written(table, at < 0 ? null : answers.get(at).get(0).path("n").asLong()));
    }
    return all;
  }

  private static Statement count(String table, List<String> columns, long millis) {
    String seconds = String.valueOf(millis / 1000);
    List<String> any =
        columns.stream().map(column -> isSince(Ledger.quoted(column), seconds)).toList();
    return new Statement(
        "SELECT count(*) AS n FROM " + Ledger.quoted(table) + " WHERE " + String.join(" OR ", any));
  }

  /** Times are kept as seconds, as milliseconds, or as a text that SQLite can read. */
  private static String isSince(String column, String seconds) {
    return "CASE typeof("
        + column
        + ") WHEN 'text' THEN unixepoch("
        + column
        + ") WHEN 'null' THEN 0 ELSE "
        + column
        + " / CASE WHEN abs("
        + column
        + ") > 100000000000 THEN 1000 ELSE 1 END END >= "
        + seconds;
  }
}
