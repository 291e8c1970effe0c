package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.ops.environment.OpsException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/** A plain SQLite file, for development: set up like D1, with foreign keys on. */
public final class SqliteFile implements SqlDatabase, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What extended result codes have in common with the code that they refine. */
  private static final int PRIMARY_CODE = 0xff;

  private final Path file;
  private final Connection connection;

  private SqliteFile(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /**
   * Opens the file; makes it when it is missing.
   *
   * @throws OpsException when it cannot be opened
   */
  public static SqliteFile open(Path file) {
    return open(file, PATIENCE);
  }

  /**
   * The same.
   *
   * @param patience how long to wait for another program that has the file locked
   */
  static SqliteFile open(Path file, Duration patience) {
    SQLiteConfig config = new SQLiteConfig();
    config.enforceForeignKeys(true);
    config.setBusyTimeout((int) patience.toMillis());
    try {
      return new SqliteFile(file, config.createConnection("jdbc:sqlite:" + file.toAbsolutePath()));
    } catch (SQLException e) {
      throw new OpsException(
          "Could not open the SQLite file " + file + ": " + e.getMessage(),
          "Check that its folder exists and can be written.",
          e);
    }
  }

  @Override
  public List<List<JsonNode>> batch(List<Statement> statements) {
    return inTransaction(
        () -> {
          List<List<JsonNode>> results = new ArrayList<>();
          for (Statement statement : statements) {
            results.add(run(statement));
          }
          return results;
        });
  }

  @Override
  public void importText(String sql, Consumer<Step> steps) {
    inTransaction(
        () -> {
          execute(sql);
          return true;
        });
  }

  /** None: copy the file instead. */
  @Override
  public Optional<String> bookmark() {
    return Optional.empty();
  }

  @Override
  public String restore(String bookmark) {
    throw new OpsException(
        "A plain SQLite file has no marks to go back to.", "Restore your copy of the file.");
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new OpsException("Could not close the SQLite file.", "Check the disk.", e);
    }
  }

  private List<JsonNode> run(Statement statement) throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement.sql())) {
      for (int i = 0; i < statement.params().size(); i++) {
        prepared.setObject(i + 1, statement.params().get(i));
      }
      List<JsonNode> rows = new ArrayList<>();
      if (prepared.execute()) {
        try (ResultSet results = prepared.getResultSet()) {
          while (results.next()) {
            rows.add(row(results));
          }
        }
      }
      return rows;
    }
  }

  private static JsonNode row(ResultSet results) throws SQLException {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    ResultSetMetaData columns = results.getMetaData();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      Object value = results.getObject(i);
      String name = columns.getColumnLabel(i);
      if (value == null) {
        row.putNull(name);
      } else if (value instanceof Number number) {
        row.put(name, number.longValue());
      } else {
        row.put(name, value.toString());
      }
    }
    return row;
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  /** It locks before it reads: a reader that then writes could find the file changed in between. */
  private <T> T inTransaction(Work<T> work) {
    try {
      execute("BEGIN IMMEDIATE");
      T result = work.run();
      execute("COMMIT");
      return result;
    } catch (SQLException e) {
      rollBack(e);
      if (isLocked(e)) {
        throw new OpsException(
            "The SQLite file " + file + " is locked by another program; nothing was changed.",
            "Close what uses it and run the same command again.",
            e);
      }
      throw new Refusal(String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean isLocked(SQLException e) {
    int code = e.getErrorCode() & PRIMARY_CODE;
    return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code;
  }

  private void execute(String sql) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private void rollBack(SQLException cause) {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      cause.addSuppressed(e); // there was no transaction: SQLite ended it, or it never began
    }
  }
}
