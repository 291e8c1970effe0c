package dev.gitblobs.ops.migrate.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gitblobs.ops.migrate.sql.SchemaChange;
import dev.gitblobs.ops.migrate.sql.SchemaChanges;
import dev.gitblobs.ops.migrate.sql.SqlStatement;
import dev.gitblobs.ops.migrate.sql.SqlStatements;
import dev.gitblobs.ops.migrate.sql.SqlToken;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * One migration file.
 *
 * @param name its path below the folder of migrations, as in the ledger
 * @param path where it lies, for messages
 * @param sql its text
 * @param statements the statements in it
 */
public record Migration(String name, Path path, String sql, List<SqlStatement> statements) {
  /** The order in which wrangler applies. */
  public static final Comparator<Migration> ORDER =
      Comparator.comparing(Migration::name, MigrationNames.ORDER);

  /** Copies the statements. */
  public Migration {
    statements = List.copyOf(statements);
  }

  /** A migration of that text, called as its file. */
  public static Migration of(Path path, String sql) {
    return of(String.valueOf(path.getFileName()), path, sql);
  }

  /** A migration of that text. A transaction around all of it is left out: D1 makes one. */
  public static Migration of(String name, Path path, String sql) {
    List<SqlStatement> statements = SqlStatements.split(sql);
    int last = statements.size() - 1;
    boolean isWrapped =
        last > 0
            && statements.get(0).startsWith("BEGIN")
            && (statements.get(last).startsWith("COMMIT") || statements.get(last).startsWith("END"))
            && statements.subList(1, last).stream()
                .map(SchemaChanges::of)
                .noneMatch(SchemaChange.Transaction.class::isInstance);
    return new Migration(name, path, sql, isWrapped ? statements.subList(1, last) : statements);
  }

  /** Whether somebody means a migration of that name by a name or a number. */
  public static boolean isCalled(String name, String nameOrNumber) {
    return name.equals(nameOrNumber)
        || (nameOrNumber.matches("\\d{1,18}")
            && MigrationNames.isNumbered(name)
            && MigrationNames.number(name) == Long.parseLong(nameOrNumber));
  }

  /** Whether its name begins with a number. */
  public boolean isNumbered() {
    return MigrationNames.isNumbered(name);
  }

  /** The number its name begins with; 0 without one. */
  public long number() {
    return MigrationNames.number(name);
  }

  /**
   * SHA-256 over the tokens of its statements, in hex. Comments, spaces and line ends do not count:
   * a remark added later, or a checkout with CRLF, is the same migration.
   */
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (SqlStatement statement : statements) {
        for (SqlToken token : statement.tokens()) {
          digest.update((token.text().replace("\r\n", "\n") + "\n").getBytes(UTF_8));
        }
        digest.update(";\n".getBytes(UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
