package dev.gitblobs.ops.migrate.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a statement does to rows, read off its tokens.
 *
 * @param verb how
 * @param table of which table, lower case
 * @param columns which columns an UPDATE sets, lower case; empty for others
 */
public record DataChange(Verb verb, String table, Set<String> columns) {
  /** The ways to write rows. */
  public enum Verb {
    INSERT,
    /** An INSERT that takes away the row that is in its way. */
    REPLACE,
    /** An INSERT that changes the row that is in its way. */
    UPSERT,
    UPDATE,
    DELETE
  }

  private static final Set<String> VERBS = Set.of("INSERT", "REPLACE", "UPDATE", "DELETE");

  /** Copies the columns. */
  public DataChange {
    columns = Set.copyOf(columns);
  }

  /** What that statement does; empty when it writes no rows itself. */
  public static Optional<DataChange> of(SqlStatement statement) {
    List<SqlToken> tokens = statement.tokens();
    int at = tokens.get(0).is("WITH") ? verbBehind(tokens) : 0;
    if (at < 0 || !VERBS.contains(upper(tokens.get(at)))) {
      return Optional.empty();
    }
    boolean orReplace = isWord(tokens, at + 1, "OR") && isWord(tokens, at + 2, "REPLACE");
    int name = at + (isWord(tokens, at + 1, "OR") ? 3 : 1);
    if (isWord(tokens, name, "INTO") || isWord(tokens, name, "FROM")) {
      name++;
    }
    if (name + 2 < tokens.size() && tokens.get(name + 1).isSign('.')) {
      name += 2;
    }
    String table = name < tokens.size() ? tokens.get(name).name() : "";
    return Optional.of(
        switch (upper(tokens.get(at))) {
          case "DELETE" -> new DataChange(Verb.DELETE, table, Set.of());
          case "UPDATE" -> new DataChange(Verb.UPDATE, table, setColumns(tokens, name));
          case "REPLACE" -> new DataChange(Verb.REPLACE, table, Set.of());
          default ->
              new DataChange(
                  orReplace ? Verb.REPLACE : hasUpsert(tokens, name) ? Verb.UPSERT : Verb.INSERT,
                  table,
                  Set.of());
        });
  }

  /** Whether it copies rows that a query finds. */
  public static boolean copies(SqlStatement statement) {
    return statement.tokens().stream().anyMatch(token -> token.is("SELECT"));
  }

  /** Whether all it asks is that one column is NULL. */
  public static boolean seeksNull(SqlStatement statement) {
    List<SqlToken> tokens = statement.tokens();
    int size = tokens.size();
    return size > 4
        && tokens.get(size - 4).is("WHERE")
        && tokens.get(size - 2).is("IS")
        && tokens.get(size - 1).is("NULL");
  }

  private static int verbBehind(List<SqlToken> tokens) {
    int depth = 0;
    for (int i = 1; i < tokens.size(); i++) {
      depth += tokens.get(i).isSign('(') ? 1 : tokens.get(i).isSign(')') ? -1 : 0;
      if (depth == 0 && (VERBS.contains(upper(tokens.get(i))) || tokens.get(i).is("SELECT"))) {
        return i;
      }
    }
    return -1;
  }

  private static boolean hasUpsert(List<SqlToken> tokens, int from) {
    for (int i = from; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).is("DO") && tokens.get(i + 1).is("UPDATE")) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> setColumns(List<SqlToken> tokens, int from) {
    Set<String> columns = new HashSet<>();
    int depth = 0;
    boolean inSet = false;
    for (int i = from; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      depth += token.isSign('(') ? 1 : token.isSign(')') ? -1 : 0;
      if (depth == 0 && token.is("SET")) {
        inSet = true;
      } else if (depth == 0 && (token.is("WHERE") || token.is("FROM"))) {
        return columns;
      } else if (inSet && i + 1 < tokens.size() && isTarget(tokens, i, depth)) {
        columns.add(token.name());
      }
    }
    return columns;
  }

  /** A name behind SET or a comma, or in the list before an equals sign. */
  private static boolean isTarget(List<SqlToken> tokens, int at, int depth) {
    SqlToken before = tokens.get(at - 1);
    boolean isFirst = before.is("SET") || before.isSign(',') || before.isSign('(');
    SqlToken token = tokens.get(at);
    boolean isName =
        token.kind() == SqlToken.Kind.WORD || token.kind() == SqlToken.Kind.QUOTED_NAME;
    SqlToken after = tokens.get(at + 1);
    return isName && isFirst && (depth == 0 ? after.isSign('=') : isInList(tokens, at));
  }

  /** Whether the parentheses around close before an equals sign: {@code SET (a, b) = ..}. */
  private static boolean isInList(List<SqlToken> tokens, int at) {
    int i = at;
    while (i < tokens.size() && !tokens.get(i).isSign(')') && !tokens.get(i).isSign('(')) {
      i++;
    }
    return i + 1 < tokens.size() && tokens.get(i).isSign(')') && tokens.get(i + 1).isSign('=');
  }

  private static boolean isWord(List<SqlToken> tokens, int at, String word) {
    return at < tokens.size() && tokens.get(at).is(word);
  }

  private static String upper(SqlToken token) {
    return token.kind() == SqlToken.Kind.WORD ? token.text().toUpperCase(Locale.ROOT) : "";
  }
}
