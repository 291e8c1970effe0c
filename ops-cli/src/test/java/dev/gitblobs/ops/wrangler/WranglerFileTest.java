package dev.gitblobs.ops.wrangler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WranglerFileTest {
  @TempDir private Path folder;

  @Test
  void readsTomlWithAnEnvironment() throws IOException {
    Path file =
        write(
            "wrangler.toml",
            """
            name = "shop"
            account_id = "acc"
            [[d1_databases]]
            binding = "DB"
            database_name = "shop"
            database_id = "id-1"
            [[env.staging.d1_databases]]
            binding = "DB"
            database_id = "id-2"
            migrations_dir = "./db/migrations/"
            migrations_table = "done"
            migrations_pattern = "db/migrations/*/migration.sql"
            """);
    WranglerDatabase top = WranglerFile.read(file).database(null, null);
    assertThat(top.id()).isEqualTo("id-1");
    assertThat(top.account()).isEqualTo("acc");
    assertThat(top.migrations()).isEqualTo(folder.toAbsolutePath().resolve("migrations"));
    assertThat(top.pattern()).isEqualTo("*.sql");
    assertThat(top.ledger()).isEqualTo("d1_migrations");
    WranglerDatabase staging = WranglerFile.read(folder).database("DB", "staging");
    assertThat(staging.id()).isEqualTo("id-2");
    assertThat(staging.migrations()).isEqualTo(folder.toAbsolutePath().resolve("db/migrations"));
    assertThat(staging.pattern()).isEqualTo("*/migration.sql");
    assertThat(staging.ledger()).isEqualTo("done");
  }

  @Test
  void readsJsonWithRemarksAndCommasTooMany() throws IOException {
    Path file =
        write(
            "wrangler.jsonc",
            """
            { // the shop
              "d1_databases": [
                { "binding": "A", "database_name": "a" }, /* more */
                { "binding": "B", "database_id": "b", },
              ],
            }
            """);
    assertThat(WranglerFile.read(file).database("a", null).binding()).isEqualTo("A");
    assertThat(WranglerFile.read(file).database("B", null).id()).isEqualTo("b");
    assertThatThrownBy(() -> WranglerFile.read(file).database(null, null))
        .hasMessageContaining("more than one");
    assertThatThrownBy(() -> WranglerFile.read(file).database("C", null))
        .hasMessageContaining("no D1 database 'C'");
    assertThatThrownBy(() -> WranglerFile.read(file).database("A", "prod"))
        .hasMessageContaining("no environment 'prod'");
  }

  @Test
  void namesFileAndLineOfSettingsThatAreBroken() throws IOException {
    Path file = write("wrangler.json", "{\n  \"name\": \"x\",\n  oops\n}");
    assertThatThrownBy(() -> WranglerFile.read(file)).hasMessageContaining("wrangler.json, line 3");
    Path toml = write("wrangler.toml", "name = \"x\"\nd1_databases = [\n");
    assertThatThrownBy(() -> WranglerFile.read(toml)).hasMessageContaining("wrangler.toml, line");
    assertThatThrownBy(() -> WranglerFile.read(Files.createDirectory(folder.resolve("empty"))))
        .hasMessageContaining("no wrangler.json");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
