package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.sql.DataChange;
import dev.gitblobs.ops.migrate.sql.SqlStatement;
import dev.gitblobs.ops.migrate.sql.SqlToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values that migrations speak of, by column: sample rows that have them are met by their
 * conditions.
 *
 * @param byColumn values compared with or written into a column of that name, lower case
 * @param texts all text literals
 * @param numbers all numbers
 */
record Hints(Map<String, List<Object>> byColumn, List<Object> texts, List<Object> numbers) {
  /** None. */
  static final Hints NONE = new Hints(Map.of(), List.of(), List.of());

  private static final int MAX = 24;

  /**
   * What the rows that are written or sought by these migrations consist of.
   *
   * @param before what there is before them
   */
  static Hints of(List<Migration> migrations, Shape before) {
    Reader reader = new Reader();
    for (Migration migration : migrations) {
      for (SqlStatement statement : migration.statements()) {
        DataChange.of(statement)
            .ifPresent(
                change -> reader.read(statement.tokens(), before.tables().get(change.table())));
      }
    }
    reader.addParents(before);
    return new Hints(reader.byColumn, List.copyOf(reader.texts), List.copyOf(reader.numbers));
  }

  /** Only those for the columns by which rows of tables are told apart. */
  Hints ofKeys(Shape shape) {
    Map<String, List<Object>> keys = new HashMap<>(byColumn);
    keys.keySet()
        .removeIf(
            column ->
                shape.tables().values().stream()
                    .noneMatch(
                        table ->
                            table.primaryKey().contains(column)
                                || table.indexes().stream()
                                    .anyMatch(i -> i.isUnique() && i.columns().contains(column))));
    return new Hints(keys, List.of(), List.of());
  }

  /** How many different rows it takes to meet most of them. */
  int size() {
    int most = byColumn.values().stream().mapToInt(List::size).max().orElse(0);
    return Math.min(8, Math.max(most, texts.isEmpty() && numbers.isEmpty() ? 0 : 2));
  }

  private static final class Reader {
    private final Map<String, List<Object>> byColumn = new HashMap<>();
    private final Set<Object> texts = new LinkedHashSet<>();
    private final Set<Object> numbers = new LinkedHashSet<>();

    void read(List<SqlToken> tokens, @Nullable TableShape table) {
      List<String> inserted = insertedColumns(tokens);
      if (inserted.isEmpty() && table != null) {
        inserted = table.writable().stream().map(ColumnShape::key).toList();
      }
      String column = "";
      int position = -1;
      for (int i = 0; i < tokens.size(); i++) {
        SqlToken token = tokens.get(i);
        if (isName(token) && !token.is("AND") && !token.is("OR") && !token.is("IN")) {
          column = token.is("VALUES") || token.is("NOT") ? column : token.name();
        }
        if (token.is("VALUES")) {
          position = 0;
        } else if (position >= 0 && token.isSign('(')) {
          position = 0;
        } else if (position >= 0 && token.isSign(',')) {
          position++;
        }
        Object value = value(tokens, i);
        if (value != null) {
          String owner =
              position >= 0 && position < inserted.size() ? inserted.get(position) : column;
          add(owner, value);
        }
      }
    }

    /** What a reference is to become has to be there to refer to. */
    void addParents(Shape before) {
      for (TableShape table : before.tables().values()) {
        for (ForeignKey key : table.foreignKeys()) {
          TableShape parent = before.tables().get(key.parent());
          List<String> target = parent == null ? List.of() : TableShape.target(key, parent);
          for (int i = 0; i < Math.min(target.size(), key.from().size()); i++) {
            for (Object value : List.copyOf(byColumn.getOrDefault(key.from().get(i), List.of()))) {
              add(target.get(i), value);
            }
          }
        }
      }
    }

    private void add(String column, Object value) {
      Set<Object> all = value instanceof String ? texts : numbers;
      if (all.size() < MAX) {
        all.add(value);
      }
      List<Object> values = byColumn.computeIfAbsent(column, key -> new ArrayList<>());
      if (values.size() < MAX && !values.contains(value)) {
        values.add(value);
        if (value instanceof Long number) {
          // For < and >: the neighbours lie on either side.
          values.add(number + 1);
          values.add(number - 1);
        }
      }
    }

    private static List<String> insertedColumns(List<SqlToken> tokens) {
      List<String> columns = new ArrayList<>();
      for (int i = 1; i < tokens.size(); i++) {
        if (tokens.get(i).isSign('(') && isName(tokens.get(i - 1))) {
          for (int j = i + 1; j < tokens.size() && !tokens.get(j).isSign(')'); j++) {
            if (isName(tokens.get(j)) || tokens.get(j).kind() == SqlToken.Kind.STRING) {
              columns.add(tokens.get(j).name());
            }
          }
          return columns;
        }
        if (tokens.get(i).is("VALUES") || tokens.get(i).is("SELECT")) {
          return columns;
        }
      }
      return columns;
    }

    private static boolean isName(SqlToken token) {
      return token.kind() == SqlToken.Kind.QUOTED_NAME
          || (token.kind() == SqlToken.Kind.WORD && !Character.isDigit(token.text().charAt(0)));
    }

    private static @Nullable Object value(List<SqlToken> tokens, int at) {
      SqlToken token = tokens.get(at);
      if (token.kind() == SqlToken.Kind.STRING) {
        String text = token.text();
        return SeedValues.matching(text.substring(1, text.length() - 1).replace("''", "'"));
      }
      if (token.kind() == SqlToken.Kind.WORD && token.text().matches("\\d{1,15}")) {
        long number = Long.parseLong(token.text());
        boolean isNegative = at > 1 && tokens.get(at - 1).isSign('-');
        return isNegative ? -number : number;
      }
      return null;
    }
  }
}
