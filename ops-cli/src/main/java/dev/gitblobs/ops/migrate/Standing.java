package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.SqlDatabase.Refusal;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import dev.gitblobs.ops.migrate.lint.Known;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a database has: its ledger, its tables, and which of them have rows. Read in two calls that
 * change nothing.
 *
 * @param entries its ledger
 * @param definitions how its tables, indexes, views and triggers were made, in this order
 * @param filled names of tables with rows, lower case
 */
record Standing(List<LedgerEntry> entries, List<String> definitions, Set<String> filled) {
  private static final Statement SCHEMA =
      new Statement(
          "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
              + " AND substr(name, 1, 7) <> 'sqlite_' AND substr(name, 1, 4) <> '_cf_'");

  /** Tables in which other tools keep what they applied. */
  private static final List<String> OTHER_LEDGERS =
      List.of(
          "__drizzle_migrations",
          "_prisma_migrations",
          "knex_migrations",
          "kysely_migration",
          "schema_migrations",
          "flyway_schema_history",
          "atlas_schema_revisions",
          "d1_migrations");

  Standing {
    entries = List.copyOf(entries);
    definitions = List.copyOf(definitions);
    filled = Set.copyOf(filled);
  }

  /** Reads it. */
  static Standing read(SqlDatabase database) {
    List<JsonNode> schema = database.batch(List.of(SCHEMA)).get(0);
    Set<String> tables = new HashSet<>();
    for (JsonNode row : schema) {
      if (row.path("type").asText().equals("table")) {
        tables.add(row.path("name").asText().toLowerCase(Locale.ROOT));
      }
    }
    String ledger = database.ledger().toLowerCase(Locale.ROOT);
    List<LedgerEntry> entries = List.of();
    Set<String> filled = new HashSet<>();
    if (!tables.isEmpty()) {
      List<String> asked = tables.stream().filter(table -> !table.equals(ledger)).toList();
      List<Statement> all = new ArrayList<>();
      asked.forEach(table -> all.add(hasRows(table)));
      if (tables.contains(ledger)) {
        all.add(Ledger.entries(database, tables));
      }
      List<List<JsonNode>> answers = ask(database, all, asked);
      for (int i = 0; i < asked.size(); i++) {
        if (answers.get(i).get(0).path("filled").asInt(1) != 0) {
          filled.add(asked.get(i));
        }
      }
      if (tables.contains(ledger)) {
        entries = Ledger.entriesOf(answers.get(asked.size()));
      }
    }
    return new Standing(entries, inOrder(schema), filled);
  }

  private static Statement hasRows(String table) {
    return new Statement("SELECT EXISTS (SELECT 1 FROM " + Ledger.quoted(table) + ") AS filled");
  }

  /** A table that cannot be read, such as one of a module, counts as one with rows. */
  private static List<List<JsonNode>> ask(
      SqlDatabase database, List<Statement> statements, List<String> tables) {
    try {
      return statements.isEmpty() ? List.of() : database.batch(statements);
    } catch (Refusal refusal) {
      List<List<JsonNode>> answers = new ArrayList<>();
      for (int i = 0; i < statements.size(); i++) {
        try {
          answers.add(database.batch(List.of(statements.get(i))).get(0));
        } catch (Refusal one) {
          if (i >= tables.size()) {
            throw one;
          }
          answers.add(database.batch(List.of(new Statement("SELECT 1 AS filled"))).get(0));
        }
      }
      return answers;
    }
  }

  /**
   * Passes when what is applied is kept in this ledger, if anywhere.
   *
   * @throws OpsException when another tool keeps it, or another table
   */
  void requireOneLedger(SqlDatabase database) {
    if (!entries.isEmpty()) {
      return;
    }
    for (String other : OTHER_LEDGERS) {
      if (filled.contains(other) && !other.equalsIgnoreCase(database.ledger())) {
        throw new OpsException(
            "The database keeps what is applied in "
                + other
                + ", and nothing in "
                + database.ledger()
                + ".",
            other.equals(Ledger.DEFAULT_NAME)
                ? "Take migrations_table out of the settings, or copy its rows into "
                    + database.ledger()
                    + "."
                : "Record what another tool applied with relayctl migrate baseline NAME, naming"
                    + " the last file that the database has.");
      }
    }
  }

  /** Modules' tables first: those make tables of their own. */
  private static List<String> inOrder(List<JsonNode> schema) {
    Map<String, List<String>> byType = new HashMap<>();
    for (JsonNode row : schema) {
      String sql = row.path("sql").asText();
      String type = row.path("type").asText();
      boolean isVirtual = sql.toUpperCase(Locale.ROOT).startsWith("CREATE VIRTUAL");
      byType.computeIfAbsent(isVirtual ? "virtual" : type, t -> new ArrayList<>()).add(sql);
    }
    List<String> all = new ArrayList<>();
    for (String type : List.of("virtual", "table", "index", "view", "trigger")) {
      all.addAll(byType.getOrDefault(type, List.of()));
    }
    return all;
  }

  /** What the lint has to know of it. */
  Known known(SqlDatabase database, Set<String> edited) {
    return new Known(
        entries.stream().map(LedgerEntry::name).collect(Collectors.toSet()),
        definitions,
        filled,
        edited,
        table ->
            database
                .batch(List.of(new Statement("SELECT count(*) AS n FROM " + Ledger.quoted(table))))
                .get(0)
                .get(0)
                .path("n")
                .asLong());
  }
}
