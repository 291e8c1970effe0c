package dev.gitblobs.ops.migrate.lint;

import dev.gitblobs.ops.migrate.lint.RandomSchema.Column;
import dev.gitblobs.ops.migrate.lint.RandomSchema.Kind;
import dev.gitblobs.ops.migrate.lint.RandomSchema.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** A migration of a random schema, good or bad, as people write them. */
final class RandomMigration {
  private final Random random;
  private final RandomSchema schema;
  private final List<String> statements = new ArrayList<>();

  private RandomMigration(Random random, RandomSchema schema) {
    this.random = random;
    this.schema = schema;
  }

  static String of(Random random, RandomSchema schema) {
    RandomMigration migration = new RandomMigration(random, schema);
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      migration.add(schema.tables.get(random.nextInt(schema.tables.size())), i);
    }
    return String.join(";\n", migration.statements) + ";\n";
  }

  private void add(Table table, int number) {
    Column column = table.columns().get(random.nextInt(table.columns().size()));
    String name = table.name();
    switch (random.nextInt(23)) {
      case 0 -> statements.add("ALTER TABLE " + name + " ADD COLUMN n" + number + " TEXT");
      case 1 ->
          statements.add(
              "ALTER TABLE " + name + " ADD COLUMN n" + number + " INTEGER NOT NULL DEFAULT 0");
      case 2 ->
          statements.add("CREATE INDEX x" + number + " ON " + name + " (" + column.name() + ")");
      case 3 -> statements.add("ALTER TABLE " + name + " DROP COLUMN " + column.name());
      case 4 -> statements.add("DROP TABLE " + name);
      case 5 -> statements.add("DELETE FROM " + name + where(column));
      case 6 ->
          statements.add(
              "UPDATE "
                  + name
                  + " SET "
                  + column.name()
                  + " = "
                  + schema.valueOf(column, 2)
                  + where(column));
      case 7 -> replace(table);
      case 8 -> {
        statements.add("ALTER TABLE " + name + " ADD COLUMN n" + number + " TEXT");
        statements.add("UPDATE " + name + " SET n" + number + " = 'x' || id");
      }
      case 9 ->
          statements.add("ALTER TABLE " + name + " RENAME COLUMN " + column.name() + " TO other");
      case 10 -> statements.add("DROP INDEX IF EXISTS i_" + name);
      case 11 -> statements.add("DROP VIEW IF EXISTS v_" + name);
      case 12 -> {
        statements.add("CREATE TABLE new" + number + " (id INTEGER PRIMARY KEY, of TEXT)");
        statements.add("INSERT INTO new" + number + " (of) SELECT id FROM " + name);
        statements.add("DELETE FROM new" + number + " WHERE id > 2");
      }
      case 13 ->
          statements.add(
              "INSERT OR IGNORE INTO "
                  + name
                  + " SELECT * FROM "
                  + name
                  + " WHERE "
                  + column.name()
                  + " IS NULL");
      case 14 -> upsert(table, column);
      case 15 ->
          statements.add(
              "UPDATE "
                  + name
                  + " SET "
                  + column.name()
                  + " = coalesce("
                  + column.name()
                  + ", "
                  + schema.valueOf(column, 1)
                  + ")");
      case 16 ->
          statements.add(
              "UPDATE "
                  + name
                  + " SET "
                  + column.name()
                  + " = CASE WHEN id IS NULL THEN "
                  + schema.valueOf(column, 0)
                  + " ELSE "
                  + schema.valueOf(column, random.nextInt(3))
                  + " END"
                  + where(table.columns().get(0)));
      default -> rebuild(table, number);
    }
  }

  private String where(Column column) {
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> " WHERE " + column.name() + " = " + schema.valueOf(column, random.nextInt(4));
      case 2 -> " WHERE " + column.name() + " IS NULL";
      default -> " WHERE rowid > " + random.nextInt(3);
    };
  }

  private void replace(Table table) {
    StringBuilder values = new StringBuilder(table.key(random.nextInt(RandomSchema.ROWS)));
    table.columns().forEach(c -> values.append(", ").append(schema.valueOf(c, 1)));
    statements.add("INSERT OR REPLACE INTO " + table.name() + " VALUES (" + values + ")");
  }

  private void upsert(Table table, Column column) {
    StringBuilder values = new StringBuilder(table.key(random.nextInt(RandomSchema.ROWS)));
    table.columns().forEach(c -> values.append(", ").append(schema.valueOf(c, 0)));
    statements.add(
        "INSERT INTO "
            + table.name()
            + " VALUES ("
            + values
            + ") ON CONFLICT (id) DO "
            + (random.nextBoolean()
                ? "NOTHING"
                : "UPDATE SET " + column.name() + " = excluded." + column.name()));
  }

  /** With a new column; sometimes something is forgotten. */
  private void rebuild(Table table, int number) {
    String name = table.name();
    List<Column> columns = new ArrayList<>(table.columns());
    int fault = random.nextInt(8);
    if (fault == 1 && columns.size() > 1) {
      columns.remove(random.nextInt(columns.size()));
    }
    String copied = "id, " + columns.stream().map(Column::name).collect(Collectors.joining(", "));
    columns.add(new Column("n" + number, Kind.NUMBER, "", "", false));
    if (random.nextBoolean()) {
      statements.add("PRAGMA defer_foreign_keys = on");
    }
    List<Table> children =
        schema.tables.stream()
            .filter(t -> t.columns().stream().anyMatch(c -> c.parent().equals(name)))
            .toList();
    boolean keeps = random.nextInt(3) == 0;
    if (keeps) {
      children.forEach(
          child -> {
            statements.add(
                "CREATE TABLE kept_" + child.name() + " AS SELECT * FROM " + child.name());
            statements.add("DELETE FROM " + child.name());
          });
    }
    statements.add(table.sql("rebuilt", columns));
    if (fault != 2) {
      statements.add(
          "INSERT INTO rebuilt ("
              + copied
              + ") SELECT "
              + copied
              + " FROM "
              + name
              + (fault == 3 ? where(table.columns().get(0)) : ""));
    }
    boolean hasView = schema.others.stream().anyMatch(s -> s.contains("v_" + name + " "));
    if (hasView) {
      statements.add("DROP VIEW v_" + name);
    }
    statements.add("DROP TABLE " + name);
    statements.add("ALTER TABLE rebuilt RENAME TO " + name);
    if (fault != 4) {
      schema.others.stream()
          .filter(s -> s.contains(" " + name + " ") || s.contains("v_" + name + " "))
          .forEach(statements::add);
    }
    if (keeps) {
      children.forEach(
          child -> {
            statements.add("INSERT INTO " + child.name() + " SELECT * FROM kept_" + child.name());
            statements.add("DROP TABLE kept_" + child.name());
          });
    }
  }
}
