package dev.gitblobs.ops.migrate.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A schema that may be somebody's, with rows that suit it. */
final class RandomSchema {
  /** What a column holds. */
  enum Kind {
    NUMBER("INTEGER", ""),
    TEXT("TEXT", ""),
    REAL("REAL", ""),
    WORD("TEXT", " CHECK (%s IN ('red', 'green', 'blue'))"),
    POSITIVE("INTEGER", " CHECK (%s > 0)"),
    LENGTH("TEXT", " CHECK (length(%s) BETWEEN 3 AND 60)"),
    JSON("TEXT", " CHECK (json_valid(%s))"),
    FLAG("INTEGER", " CHECK (%s IN (0, 1))");

    private final String type;
    private final String check;

    Kind(String type, String check) {
      this.type = type;
      this.check = check;
    }

    String value(int row) {
      return switch (this) {
        case NUMBER -> String.valueOf(100 + row);
        case POSITIVE -> String.valueOf(1 + row);
        case TEXT, LENGTH -> "'text " + row + "'";
        case REAL -> row + ".25";
        case WORD -> List.of("'red'", "'green'", "'blue'").get(row % 3);
        case JSON -> "'{\"n\":" + row + "}'";
        case FLAG -> String.valueOf(row % 2);
      };
    }
  }

  /** A column; {@code parent} is the table it refers to, or empty. */
  record Column(String name, Kind kind, String constraints, String parent, boolean isNotNull) {
    String sql() {
      return name
          + " "
          + kind.type
          + (isNotNull ? " NOT NULL" : "")
          + constraints
          + (parent.isEmpty() ? String.format(kind.check, name) : "");
    }
  }

  /** A table whose key is {@code id}. */
  record Table(String name, boolean isTextKey, boolean isStrict, List<Column> columns) {
    String sql(String as, List<Column> those) {
      StringBuilder text = new StringBuilder("CREATE TABLE " + as + " (id ");
      text.append(isTextKey ? "TEXT PRIMARY KEY NOT NULL" : "INTEGER PRIMARY KEY");
      those.forEach(column -> text.append(", ").append(column.sql()));
      return text.append(isStrict ? ") STRICT" : ")").toString();
    }

    String key(int row) {
      return isTextKey ? "'key " + row + "'" : String.valueOf(row + 1);
    }
  }

  static final int ROWS = 4;

  final List<Table> tables = new ArrayList<>();
  final List<String> others = new ArrayList<>();

  RandomSchema(Random random) {
    int count = 2 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      tables.add(table(random, "t" + i));
    }
    for (Table table : tables) {
      if (random.nextInt(3) == 0) {
        others.add(
            "CREATE INDEX i_"
                + table.name()
                + " ON "
                + table.name()
                + " (id, "
                + any(random, table)
                + ")");
      }
      if (random.nextInt(5) == 0) {
        others.add(
            "CREATE VIEW v_"
                + table.name()
                + " AS SELECT id, "
                + any(random, table)
                + " FROM "
                + table.name());
      }
    }
    if (random.nextBoolean()) {
      others.add("CREATE TABLE log (n INTEGER)");
      others.add("CREATE TRIGGER g AFTER DELETE ON t0 BEGIN INSERT INTO log VALUES (1); END");
    }
  }

  private static String any(Random random, Table table) {
    return table.columns().get(random.nextInt(table.columns().size())).name();
  }

  private Table table(Random random, String name) {
    List<Column> columns = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      boolean isNotNull = random.nextBoolean();
      boolean isUnique = kind == Kind.TEXT && random.nextInt(4) == 0;
      boolean hasDefault = kind == Kind.NUMBER && random.nextBoolean();
      columns.add(
          new Column(
              "c" + i,
              kind,
              (isUnique ? " UNIQUE" : "") + (hasDefault ? " DEFAULT 5" : ""),
              "",
              isNotNull));
    }
    if (!tables.isEmpty() && random.nextInt(3) > 0) {
      Table parent = tables.get(random.nextInt(tables.size()));
      boolean isNotNull = random.nextBoolean();
      List<String> actions =
          isNotNull
              ? List.of("", " ON DELETE CASCADE", " ON DELETE RESTRICT")
              : List.of("", " ON DELETE CASCADE", " ON DELETE SET NULL");
      columns.add(
          new Column(
              "ref",
              parent.isTextKey() ? Kind.TEXT : Kind.NUMBER,
              " REFERENCES "
                  + parent.name()
                  + " (id)"
                  + actions.get(random.nextInt(actions.size())),
              parent.name(),
              isNotNull));
    }
    return new Table(name, random.nextInt(3) == 0, random.nextInt(3) == 0, columns);
  }

  /** Statements that make it. */
  List<String> sql() {
    List<String> all = new ArrayList<>();
    tables.forEach(table -> all.add(table.sql(table.name(), table.columns())));
    all.addAll(others);
    return all;
  }

  /**
   * Statements that fill it.
   *
   * @param shift makes other values of the same keys
   */
  List<String> rows(int shift) {
    List<String> all = new ArrayList<>();
    for (Table table : tables) {
      for (int row = 0; row < ROWS; row++) {
        StringBuilder values = new StringBuilder(table.key(row));
        for (int place = 0; place < table.columns().size(); place++) {
          values.append(", ").append(value(table.columns().get(place), place, row, shift));
        }
        all.add("INSERT INTO " + table.name() + " VALUES (" + values + ")");
      }
    }
    return all;
  }

  /** NULLs and values stand in other rows for each column, so that columns go with no other. */
  private String value(Column column, int place, int row, int shift) {
    boolean isNull = !column.isNotNull() && (row + place * shift) % ROWS == ROWS - 1;
    if (column.parent().isEmpty()) {
      return isNull ? "NULL" : column.kind().value(row + shift + place * shift);
    }
    return isNull && shift > 0 ? "NULL" : parent(column).key((row + place * shift) % ROWS);
  }

  /** The table that a column refers to. */
  Table parent(Column column) {
    return tables.stream().filter(t -> t.name().equals(column.parent())).findFirst().orElseThrow();
  }

  /** A value that the column may hold. */
  String valueOf(Column column, int row) {
    return column.parent().isEmpty() ? column.kind().value(row) : parent(column).key(row % ROWS);
  }
}
