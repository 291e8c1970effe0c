package dev.gitblobs.ops.migrate.file;

import dev.gitblobs.ops.environment.OpsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Writes the file of a new migration under the next free number. */
public final class NewMigration {
  private NewMigration() {}

  /**
   * Makes {@code NNNN_what_it_does.sql}; an existing file is never touched.
   *
   * @param folder the migrations' folder; made when it is missing
   * @param title what the migration does, in a few words
   * @return the new file
   * @throws OpsException when the title has no letter or digit, or the disk refuses
   */
  public static Path write(Path folder, String title) {
    String words =
        title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_+|_+$", "");
    if (words.isEmpty()) {
      throw OpsException.usage(
          "'" + title + "' gives no file name.", "Say in a few plain words what it does.");
    }
    try {
      Files.createDirectories(folder);
      long number =
          new MigrationFolder(folder, null)
                  .read().stream().mapToLong(Migration::number).max().orElse(0)
              + 1;
      Path file = folder.resolve(String.format(Locale.ROOT, "%04d_%s.sql", number, words));
      Files.writeString(
          file,
          "-- " + title.strip().replaceAll("\\s+", " ") + "\n",
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
      return file;
    } catch (IOException e) {
      throw new OpsException(
          "Could not write a migration in " + folder + ": " + e.getMessage(),
          "Check that the folder can be written.",
          e);
    }
  }
}
