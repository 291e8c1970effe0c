package dev.gitblobs.ops.migrate.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads what a statement does to the schema off its first tokens. */
public final class SchemaChanges {
  private static final Set<String> TRANSACTION =
      Set.of("BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE");
  private static final Set<String> FORBIDDEN = Set.of("ATTACH", "DETACH", "VACUUM");

  private final List<SqlToken> tokens;
  private int at;

  private SchemaChanges(List<SqlToken> tokens) {
    this.tokens = tokens;
  }

  /** What that statement does; {@link SchemaChange.Other} for what it does not know. */
  public static SchemaChange of(SqlStatement statement) {
    return new SchemaChanges(statement.tokens()).read();
  }

  private SchemaChange read() {
    String first = tokens.get(0).text().toUpperCase(Locale.ROOT);
    if (TRANSACTION.contains(first)) {
      return new SchemaChange.Transaction(first);
    }
    if (FORBIDDEN.contains(first)) {
      return new SchemaChange.Forbidden(first);
    }
    at = 1;
    return switch (first) {
      case "CREATE" -> create();
      case "DROP" -> drop();
      case "ALTER" -> alter();
      case "PRAGMA" -> new SchemaChange.Pragma(name());
      case "INSERT", "REPLACE" -> insert();
      default -> new SchemaChange.Other();
    };
  }

  private SchemaChange create() {
    boolean isTemporary = take("TEMP") || take("TEMPORARY");
    boolean isUnique = take("UNIQUE");
    if (take("INDEX") && isUnique) {
      skipIf("IF", "NOT", "EXISTS");
      String index = name();
      take("ON");
      return new SchemaChange.CreateUniqueIndex(index, name());
    }
    if (take("TABLE") && !isTemporary) {
      boolean isNew = !skipIf("IF", "NOT", "EXISTS");
      String table = name();
      // CREATE TABLE .. AS SELECT copies rows, however many there are.
      return isAt("AS") ? new SchemaChange.Other() : new SchemaChange.CreateTable(table, isNew);
    }
    return take("TRIGGER") ? new SchemaChange.CreateTrigger() : new SchemaChange.OtherDefinition();
  }

  private SchemaChange drop() {
    if (!take("TABLE")) {
      String kind = at < tokens.size() ? tokens.get(at++).text().toUpperCase(Locale.ROOT) : "";
      skipIf("IF", "EXISTS");
      return new SchemaChange.DropObject(kind, name());
    }
    skipIf("IF", "EXISTS");
    return new SchemaChange.DropTable(name());
  }

  private SchemaChange alter() {
    take("TABLE");
    String table = name();
    if (take("RENAME")) {
      if (take("TO")) {
        return new SchemaChange.RenameTable(table, name());
      }
      take("COLUMN");
      String column = name();
      take("TO");
      return new SchemaChange.RenameColumn(table, column, name());
    }
    if (take("DROP")) {
      take("COLUMN");
      return new SchemaChange.DropColumn(table, name());
    }
    if (take("ADD")) {
      take("COLUMN");
      String column = name();
      return new SchemaChange.AddColumn(table, column, has("NOT", "NULL"), has("DEFAULT"));
    }
    return new SchemaChange.Other();
  }

  private SchemaChange insert() {
    boolean copies = tokens.stream().anyMatch(token -> token.is("SELECT"));
    return copies ? new SchemaChange.Other() : new SchemaChange.InsertValues();
  }

  /** A name, its schema left out: {@code main.users} is {@code users}. */
  private String name() {
    if (at >= tokens.size()) {
      return "";
    }
    String name = tokens.get(at++).name();
    if (at + 1 < tokens.size() && tokens.get(at).isSign('.')) {
      at++;
      name = tokens.get(at++).name();
    }
    return name;
  }

  private boolean isAt(String keyword) {
    return at < tokens.size() && tokens.get(at).is(keyword);
  }

  private boolean take(String keyword) {
    if (!isAt(keyword)) {
      return false;
    }
    at++;
    return true;
  }

  private boolean skipIf(String... keywords) {
    if (!isAt(keywords[0])) {
      return false;
    }
    at += keywords.length;
    return true;
  }

  /** Whether these keywords stand next to each other in the rest, outside of parentheses. */
  private boolean has(String... keywords) {
    int depth = 0;
    for (int i = at; i < tokens.size(); i++) {
      if (tokens.get(i).isSign('(')) {
        depth++;
      } else if (tokens.get(i).isSign(')')) {
        depth--;
      } else if (depth == 0 && standsAt(i, keywords)) {
        return true;
      }
    }
    return false;
  }

  private boolean standsAt(int index, String... keywords) {
    for (int i = 0; i < keywords.length; i++) {
      if (index + i >= tokens.size() || !tokens.get(index + i).is(keywords[i])) {
        return false;
      }
    }
    return true;
  }
}
