package dev.gitblobs.ops.migrate.sql;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every text: random ones, from fixed seeds so that a failure comes again. */
@org.junit.jupiter.api.Tag("long")
final class SqlStatementsPropertyTest {
  private static final int RUNS = 2_000;

  @Test
  void losesNothingOfAnyText() {
    for (int seed = 0; seed < RUNS; seed++) {
      String sql = noise(new Random(seed));
      assertThat(SqlTokens.of(sql).stream().map(SqlToken::text).collect(joining()))
          .as("seed %d", seed)
          .isEqualTo(sql);
    }
  }

  @Test
  void splitsItsOwnStatementsNoFurther() {
    for (int seed = 0; seed < RUNS; seed++) {
      for (SqlStatement statement : SqlStatements.split(noise(new Random(seed)))) {
        assertThat(SqlStatements.split(statement.text()))
            .as("seed %d: %s", seed, statement.text())
            .extracting(SqlStatement::text)
            .containsExactly(statement.text());
      }
    }
  }

  @Test
  void findsExactlyTheStatementsThatWereJoined() {
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      List<String> wanted = new ArrayList<>();
      StringBuilder script = new StringBuilder(filler(random));
      int count = 1 + random.nextInt(8);
      for (int i = 0; i < count; i++) {
        String statement = statement(random, i);
        wanted.add(statement);
        script.append(statement).append(filler(random));
        script.append(i < count - 1 || random.nextBoolean() ? ";" : "").append(filler(random));
      }
      assertThat(SqlStatements.split(script.toString()))
          .as("seed %d: %s", seed, script)
          .extracting(SqlStatement::text)
          .containsExactlyElementsOf(wanted);
    }
  }

  @Test
  void givesTheSchemaThatSqliteItselfMakesOfTheWholeText() throws SQLException {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      StringBuilder script = new StringBuilder();
      for (int i = 0; i < 6; i++) {
        script.append(filler(random)).append(statement(random, i)).append(filler(random));
        script.append(';');
      }
      List<String> whole = run(Stream.of(script.toString()));
      List<String> split =
          run(SqlStatements.split(script.toString()).stream().map(SqlStatement::text));
      assertThat(split).as("seed %d: %s", seed, script).isEqualTo(whole);
    }
  }

  private static List<String> run(Stream<String> texts) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE base (a)");
      for (String text : texts.toList()) {
        statement.executeUpdate(text);
      }
      List<String> rows = new ArrayList<>();
      try (ResultSet schema = statement.executeQuery("SELECT sql FROM sqlite_schema")) {
        while (schema.next()) {
          // SQLite keeps a remark behind the statement; it is no part of it.
          rows.addAll(
              SqlStatements.split(schema.getString(1)).stream().map(SqlStatement::text).toList());
        }
      }
      return rows;
    }
  }

  private static String statement(Random random, int number) {
    String name = "t" + number;
    return switch (random.nextInt(7)) {
      case 6 ->
          "CREATE TRIGGER "
              + name
              + " AFTER UPDATE ON base BEGIN\n UPDATE base SET a = CASE WHEN new.a THEN 'x;' END;\n"
              + " DELETE FROM base WHERE a = 'END;'; END";
      case 0 -> "CREATE TABLE " + name + " (a TEXT DEFAULT 'x;''y--', \"b;c\" INTEGER)";
      case 1 -> "CREATE VIEW " + name + " AS SELECT '/*;' AS [a;b], `c`.d FROM c";
      case 2 -> "CREATE TABLE IF NOT EXISTS " + name + "(x,\ny)";
      case 3 -> "SELECT ';', \"end;\"";
      case 4 -> "CREATE VIEW " + name + " AS SELECT CASE WHEN 1 THEN ';' ELSE 'END;' END AS z";
      default -> "CREATE TABLE " + name + " (é TEXT, \"a\"\";\" TEXT)";
    };
  }

  private static String filler(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> " ";
      case 1 -> "\n";
      case 2 -> "\r\n";
      case 3 -> " -- it's; a remark\r\n";
      case 4 -> " /* don't; \"split */ ";
      default -> "";
    };
  }

  private static String noise(Random random) {
    String[] parts = {
      "CREATE ", "TRIGGER ", "TEMP ", "BEGIN ", "END", ";", "; ", "'", "''", "\"", "`", "[", "]",
      "--", "\n", "\r\n", "/*", "*/", "x", "CASE ", "EXPLAIN ", "é", "\uFEFF", "(", ")", "1.5e3"
    };
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(30);
    for (int i = 0; i < length; i++) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }
}
