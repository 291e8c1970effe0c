package dev.gitblobs.ops.migrate;

import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a statement's parameters into its text, for imports, which take no parameters. Only for
 * statements of this room, none of which has a question mark other than its parameters.
 */
final class SqlLiterals {
  private SqlLiterals() {}

  /** Statements as one text; only those of this room may have parameters. */
  static String script(List<Statement> statements) {
    StringBuilder text = new StringBuilder();
    for (Statement statement : statements) {
      // A migration's own statement has no parameters, and keeps its question marks.
      text.append(statement.params().isEmpty() ? statement.sql() : inline(statement)).append(";\n");
    }
    return text.toString();
  }

  private static String inline(Statement statement) {
    Iterator<?> params = statement.params().iterator();
    StringBuilder text = new StringBuilder();
    for (char c : statement.sql().toCharArray()) {
      if (c == '?') {
        text.append(literal(params.next()));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static String literal(@Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    return value instanceof Number
        ? value.toString()
        : "'" + value.toString().replace("'", "''") + "'";
  }
}
