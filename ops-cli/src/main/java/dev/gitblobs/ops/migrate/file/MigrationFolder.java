package dev.gitblobs.ops.migrate.file;

import dev.gitblobs.ops.environment.OpsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of migrations: plain files, or a folder for each as drizzle and prisma make them.
 *
 * @param folder where
 * @param pattern which files below it are migrations, as a glob; null for all {@code .sql} files in
 *     it, else all {@code migration.sql} one folder down
 */
public record MigrationFolder(Path folder, @Nullable String pattern) {
  private static final String PLAIN = "*.sql";
  private static final String NESTED = "*/migration.sql";
  private static final int DEEPEST = 8;

  /**
   * Reads all of it, in the order in which wrangler applies.
   *
   * @throws OpsException for a folder that is not there, or a file that is not UTF-8 text
   */
  public List<Migration> read() {
    if (pattern != null) {
      return read(pattern);
    }
    List<Migration> plain = read(PLAIN);
    return plain.isEmpty() ? read(NESTED) : plain;
  }

  private List<Migration> read(String glob) {
    PathMatcher matcher = matcher(glob);
    if (!Files.isDirectory(folder)) {
      throw new OpsException(
          "There is no folder " + folder + ".", "Restore it, or name another by --migrations.");
    }
    // A folder that is a link is as good as any: without following it, it would look empty.
    try (Stream<Path> files = Files.walk(folder, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
      return files
          .filter(file -> !isHidden(file) && matcher.matches(folder.relativize(file)))
          .filter(Files::isRegularFile)
          .map(file -> Migration.of(name(file), file, text(file)))
          .sorted(Migration.ORDER)
          .toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new OpsException(
          "Could not read the migrations in " + folder + ".", "Restore the folder.", e);
    }
  }

  private static PathMatcher matcher(String glob) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException e) {
      throw new OpsException(
          "The pattern of migrations is no glob: " + glob, "Write it like */migration.sql.", e);
    }
  }

  private boolean isHidden(Path file) {
    for (Path part : folder.relativize(file)) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private String name(Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  private static String text(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new OpsException("Could not read " + file + ".", "Restore or mend the file.", e);
    }
    if (bytes.length > 1 && ((bytes[0] & 0xff) >= 0xfe || bytes[1] == 0 || bytes[0] == 0)) {
      throw notText(file, 1, "it looks like UTF-16");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(in)
              .toString();
      if (text.indexOf('\0') >= 0) {
        throw notText(file, line(bytes, text.indexOf('\0')), "it has a zero byte");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw notText(file, line(bytes, in.position()), "a byte there is no character");
    }
  }

  private static int line(byte[] bytes, int end) {
    int line = 1;
    for (int i = 0; i < Math.min(end, bytes.length); i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return line;
  }

  private static OpsException notText(Path file, int line, String why) {
    return new OpsException(
        file + ", line " + line + ": this is not UTF-8 text, " + why + ".",
        "Save the file as UTF-8 and run the command again.");
  }
}
