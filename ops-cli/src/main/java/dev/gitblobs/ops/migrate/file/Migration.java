package dev.gitblobs.ops.migrate.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.sql.SqlStatement;
import dev.gitblobs.ops.migrate.sql.SqlStatements;
import dev.gitblobs.ops.migrate.sql.SqlToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One migration file.
 *
 * @param number its leading integer, which orders it
 * @param name the file's name, as in the ledger
 * @param path where it lies, for messages
 * @param sql its text
 * @param statements the statements in it
 */
public record Migration(
    int number, String name, Path path, String sql, List<SqlStatement> statements) {
  /** The order in which wrangler applies: leading integer, then name. */
  public static final Comparator<Migration> ORDER =
      Comparator.comparingInt(Migration::number).thenComparing(Migration::name);

  private static final Pattern NAME = Pattern.compile("(\\d{1,9})_[A-Za-z0-9_.-]+\\.sql");

  /**
   * A migration of that text.
   *
   * @throws OpsException when the file's name does not begin with a number
   */
  public static Migration of(Path path, String sql) {
    String name = String.valueOf(path.getFileName());
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new OpsException(
          path + " is not a migration's name.",
          "Call it NUMBER_what_it_does.sql, like 0007_x.sql.");
    }
    return new Migration(
        Integer.parseInt(matcher.group(1)), name, path, sql, SqlStatements.split(sql));
  }

  /**
   * Reads all migrations of a folder, in {@link #ORDER}.
   *
   * @throws OpsException for a folder that is not there, or a {@code .sql} file whose name does not
   *     begin with a number
   */
  public static List<Migration> readAll(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".sql"))
          .map(Migration::read)
          .sorted(ORDER)
          .toList();
    } catch (NoSuchFileException e) {
      throw new OpsException(
          "There is no folder " + folder + ".", "Restore it, or name another by --migrations.", e);
    } catch (IOException e) {
      throw new OpsException(
          "Could not read the migrations in " + folder + ".", "Restore the folder.", e);
    }
  }

  /** Whether a migration of that file name is the one that somebody calls by name or number. */
  public static boolean isCalled(String name, String nameOrNumber) {
    Matcher matcher = NAME.matcher(name);
    return name.equals(nameOrNumber)
        || (nameOrNumber.matches("\\d{1,9}")
            && matcher.matches()
            && Integer.parseInt(matcher.group(1)) == Integer.parseInt(nameOrNumber));
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

  private static Migration read(Path file) {
    try {
      return of(file, Files.readString(file));
    } catch (IOException e) {
      throw new OpsException(
          "Could not read " + file + " as UTF-8 text.", "Restore or mend the file.", e);
    }
  }
}
