package dev.gitblobs.ops.migrate.trial;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/**
 * An in-memory SQLite with D1's settings: foreign keys on, D1's limits. Statements that D1 refuses
 * for other reasons are found by {@link dev.gitblobs.ops.migrate.sql.D1Refusals}.
 */
final class TrialDatabase implements AutoCloseable {
  /** About some seconds of work: no migration needs as much for a handful of rows. */
  private static final int MAX_PROGRESS = 2_000;

  private static final int OPCODES_PER_PROGRESS = 10_000;

  private final SQLiteConnection connection;

  private TrialDatabase(SQLiteConnection connection) {
    this.connection = connection;
  }

  /** An empty one. */
  static TrialDatabase open() {
    SQLiteConfig config = new SQLiteConfig();
    config.enforceForeignKeys(true);
    try {
      SQLiteConnection connection =
          (SQLiteConnection) config.createConnection("jdbc:sqlite::memory:");
      limit(connection);
      return new TrialDatabase(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("SQLite could not be opened in memory", e);
    }
  }

  /** https://developers.cloudflare.com/d1/platform/limits/ and what workerd sets. */
  private static void limit(SQLiteConnection connection) throws SQLException {
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, 2_000_000);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_COLUMN, 100);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_EXPR_DEPTH, 100);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_COMPOUND_SELECT, 5);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_FUNCTION_ARG, 32);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_VARIABLE_NUMBER, 100);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_TRIGGER_DEPTH, 10);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
  }

  /** Another one with the same content; nothing may be in a transaction. */
  TrialDatabase copy() {
    TrialDatabase copy = open();
    try {
      copy.connection.deserialize("main", connection.serialize("main"));
      // The new content has its own settings.
      copy.run("PRAGMA foreign_keys = on");
      return copy;
    } catch (SQLException e) {
      throw new IllegalStateException("SQLite could not be copied in memory", e);
    }
  }

  /**
   * Runs one statement to its end.
   *
   * @return how many rows it wrote, as SQLite counts them
   * @throws SQLException in SQLite's words
   */
  int run(String sql, @Nullable Object... params) throws SQLException {
    int[] progress = {0};
    ProgressHandler.setHandler(
        connection,
        OPCODES_PER_PROGRESS,
        new ProgressHandler() {
          @Override
          protected int progress() {
            return ++progress[0] > MAX_PROGRESS ? 1 : 0;
          }
        });
    // Prepared, since sqlite-jdbc gives some texts of a plain statement a meaning of its own.
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < params.length; i++) {
        statement.setObject(i + 1, params[i]);
      }
      if (statement.execute()) {
        try (ResultSet rows = statement.getResultSet()) {
          while (rows.next()) {
            // Every row is asked for, as D1 does.
          }
        }
        return 0;
      }
      return statement.getUpdateCount();
    } finally {
      ProgressHandler.clearHandler(connection);
    }
  }

  /** The rows of a query: text, Long, Double or null; a blob is text in SQL's form. */
  List<List<@Nullable Object>> rows(String sql, @Nullable Object... params) throws SQLException {
    List<List<@Nullable Object>> all = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < params.length; i++) {
        statement.setObject(i + 1, params[i]);
      }
      try (ResultSet results = statement.executeQuery()) {
        int columns = results.getMetaData().getColumnCount();
        while (results.next()) {
          List<@Nullable Object> row = new ArrayList<>(columns);
          for (int i = 1; i <= columns; i++) {
            row.add(value(results.getObject(i)));
          }
          all.add(row);
        }
      }
    }
    return all;
  }

  /** The same, by column; names in lower case. */
  List<Map<String, @Nullable Object>> records(String sql) throws SQLException {
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet results = statement.executeQuery()) {
      int columns = results.getMetaData().getColumnCount();
      String[] names = new String[columns];
      for (int i = 0; i < columns; i++) {
        names[i] = results.getMetaData().getColumnName(i + 1).toLowerCase(Locale.ROOT);
      }
      while (results.next()) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int i = 0; i < columns; i++) {
          row.put(names[i], value(results.getObject(i + 1)));
        }
        all.add(row);
      }
    }
    return all;
  }

  private static @Nullable Object value(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return "x'" + HexFormat.of().formatHex(bytes) + "'";
    }
    return value instanceof Integer number ? Long.valueOf(number) : value;
  }

  /** That name as SQL writes it. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("SQLite in memory could not be closed", e);
    }
  }
}
