package dev.gitblobs.ops.migrate.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MigrationFolderTest {
  @TempDir private Path folder;

  @Test
  void takesEveryNameThatWranglerTakesInItsOrder() throws IOException {
    for (String name :
        List.of(
            "f.sql",
            "10_b.sql",
            "9_a.sql",
            "20240113120000_x.sql",
            "2024-01-13-patch.sql",
            "0001 with space.sql",
            "über.sql",
            "README.md",
            ".hidden.sql")) {
      write(name, "SELECT 1;");
    }
    write("meta/_journal.json", "{}");
    write("meta/0001_snapshot.sql", "SELECT 1;");
    assertThat(names(null))
        .containsExactly(
            "0001 with space.sql",
            "9_a.sql",
            "10_b.sql",
            "2024-01-13-patch.sql",
            "20240113120000_x.sql",
            "f.sql",
            "über.sql");
  }

  @Test
  void takesAFolderForEachAsDrizzleAndPrismaMakeThem() throws IOException {
    write("20240201_more/migration.sql", "SELECT 2;");
    write("20240101_init/migration.sql", "SELECT 1;");
    write("20240101_init/snapshot.json", "{}");
    write("migration_lock.toml", "");
    assertThat(names(null))
        .containsExactly("20240101_init/migration.sql", "20240201_more/migration.sql");
    assertThat(names("*/migration.sql")).hasSize(2);
    assertThat(names("*.sql")).isEmpty();
  }

  @Test
  void readsAFolderThatIsALinkAndRefusesWhatIsNoFolder() throws IOException {
    write("real/0001_a.sql", "SELECT 1;");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
    assertThat(new MigrationFolder(link, null).read())
        .extracting(Migration::name)
        .containsExactly("0001_a.sql");
    for (String name : List.of("nowhere", "real/0001_a.sql")) {
      assertThatThrownBy(() -> new MigrationFolder(folder.resolve(name), null).read())
          .hasMessageContaining("There is no folder " + folder.resolve(name));
    }
  }

  @Test
  void readsBreakpointsOfDrizzleAsTheRemarksTheyAre() throws IOException {
    write(
        "0000_x.sql",
        "CREATE TABLE `a` (`id` integer);\n--> statement-breakpoint\nCREATE TABLE `b` (`id` integer);");
    assertThat(new MigrationFolder(folder, null).read().get(0).statements()).hasSize(2);
  }

  @Test
  void namesFileAndLineOfTextThatIsNotUtf8() throws IOException {
    Files.write(
        folder.resolve("0001_x.sql"), "-- ok\nSELECT 'é';".getBytes(Charset.forName("ISO-8859-1")));
    assertThatThrownBy(() -> names(null)).hasMessageContaining("0001_x.sql, line 2");
    Files.write(folder.resolve("0001_x.sql"), "SELECT 1;".getBytes(StandardCharsets.UTF_16));
    assertThatThrownBy(() -> names(null)).hasMessageContaining("UTF-16");
  }

  private List<String> names(@org.jspecify.annotations.Nullable String pattern) {
    return new MigrationFolder(folder, pattern).read().stream().map(Migration::name).toList();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
