package dev.gitblobs.cloudflare.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever SQLite takes for a script is split where SQLite itself ends its statements. */
class SqlStatementsPropertyTest {
  private static final int SCRIPTS = 2_000;
  private static final long SEED = 4;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> NAMES =
      List.of(
          "plain",
          "end",
          "begin",
          "trigger",
          "temp",
          "a$b",
          "größe",
          "\"a;b\"",
          "[c;--d]",
          "`e;'f`",
          "\"create trigger\"",
          "_x1",
          "explain",
          "日本",
          "\"it\"\"s;\"");

  private final Random random = new Random(SEED);

  @Test
  void splitsWhereSqliteDoes() throws Exception {
    List<String> scripts = new ArrayList<>();
    for (int i = 0; i < SCRIPTS; i++) {
      scripts.add(script());
    }
    JsonNode bySqlite = bySqlite(scripts);
    for (int i = 0; i < SCRIPTS; i++) {
      // The last one is the oracle's own.
      String whole = scripts.get(i) + ";SELECT 'end'";
      List<String> expected = new ArrayList<>();
      for (JsonNode statement : bySqlite.get(i)) {
        expected.addAll(SqlStatements.split(statement.asText()));
        assertThat(SqlStatements.split(statement.asText())).as(statement.asText()).hasSize(1);
      }
      assertThat(SqlStatements.split(whole)).as(whole).isEqualTo(expected);
    }
  }

  private static JsonNode bySqlite(List<String> scripts) throws Exception {
    Path root = LocalCloudflare.root();
    Path program =
        Path.of(SqlStatementsPropertyTest.class.getResource("/split-by-sqlite.mjs").toURI());
    Process node =
        new ProcessBuilder(root.resolve("node_modules/.bin/node").toString(), program.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var in = node.getOutputStream()) {
      MAPPER.writeValue(in, scripts);
    }
    return MAPPER.readTree(node.getInputStream());
  }

  /** Tables with odd names, rows, views and triggers on them, with blanks and comments anywhere. */
  private String script() {
    String table = pick(NAMES);
    String other = pick(NAMES);
    List<String> statements = new ArrayList<>();
    statements.add("CREATE TABLE " + table + " (" + other + ", \"x;y\" TEXT DEFAULT ';--')");
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      statements.add(statement(table, other, "t" + i));
    }
    StringBuilder script = new StringBuilder(random.nextInt(20) == 0 ? "\ufeff" : "");
    for (String statement : statements) {
      script.append(gap()).append(spaced(statement)).append(gap()).append(';');
    }
    return script.toString();
  }

  private String statement(String table, String column, String name) {
    return switch (random.nextInt(7)) {
      case 0 -> "INSERT INTO " + table + " VALUES ( ';' , 'it''s -- /* ; */' )";
      case 1 -> "SELECT CASE WHEN 1 THEN 2 ELSE ';' END AS " + column + " FROM " + table;
      case 2 -> "EXPLAIN " + trigger(table, column, name);
      case 3 -> "EXPLAIN QUERY PLAN SELECT * FROM " + table;
      case 4 -> "CREATE TEMPORARY VIEW " + name + " AS SELECT X'3b' , * FROM " + table;
      default -> trigger(table, column, name);
    };
  }

  private String trigger(String table, String column, String name) {
    StringBuilder trigger = new StringBuilder("CREATE ");
    trigger.append(pick(List.of("", "TEMP ", "TEMPORARY "))).append("TRIGGER ").append(name);
    trigger.append(" AFTER UPDATE OF ").append(column).append(" ON ").append(table);
    trigger.append(pick(List.of("", " WHEN CASE 1 WHEN 1 THEN 1 ELSE 0 END"))).append(" BEGIN ");
    for (int i = 0; i <= random.nextInt(3); i++) {
      trigger.append(
          pick(
              List.of(
                  "SELECT CASE WHEN 1 THEN ';' END ; ",
                  "SELECT new . " + column + " ; ",
                  "DELETE FROM " + table + " WHERE " + column + " = 'end;' ; ")));
    }
    return trigger.append("END").toString();
  }

  /** Any blank may be more, or a comment; any keyword in any letter case. */
  private String spaced(String statement) {
    StringBuilder text = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < statement.length(); i++) {
      char c = statement.charAt(i);
      if (quote == 0 && c == ' ') {
        text.append(' ').append(gap());
      } else {
        boolean isWord = quote == 0 && c < 0x80;
        text.append(isWord && random.nextBoolean() ? Character.toLowerCase(c) : c);
        if (quote == 0 && "'\"`[".indexOf(c) >= 0) {
          quote = c == '[' ? ']' : c;
        } else if (c == quote) {
          quote = 0;
        }
      }
    }
    return text.toString();
  }

  private String gap() {
    return pick(List.of("", "", "", "\n", "\t \r\n", "/* ; ' */", "-- ; END;\n", "/**/"));
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
