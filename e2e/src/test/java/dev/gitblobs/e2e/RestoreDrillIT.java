package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator practises before it is needed: getting the database back, in both ways. */
@Tag("full")
final class RestoreDrillIT {
  private static final String DATABASE = "gitblobs-relay-local";
  private static final String PASSWORD = "a password for the drill";
  private static final String OBJECTS =
      "SELECT id, objects, bytes, list, length(data) AS kept FROM sync_data ORDER BY id";
  private static final String EVERYTHING =
      "SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM stores) AS stores,"
          + " (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM refs) AS refs";

  @TempDir private static Path folder;
  private static PreparedRelay relay;
  private static Launcher launcher;
  private static Wrangler wrangler;
  private static String url;

  @BeforeAll
  static void fillARelay() {
    relay = PreparedRelay.start(folder.resolve("state"));
    launcher = relay.launcher();
    wrangler = new Wrangler(launcher);
    url = relay.url();
    relay.addUser("ada", PASSWORD);
    Device laptop = new Device(launcher, folder.resolve("laptop"));
    laptop.logIn(url, "ada", PASSWORD);
    laptop.succeed("--store", laptop.store("notes").toString(), "init");
    laptop.tie("notes", url, "notes");
    for (int i = 0; i < 5; i++) {
      laptop.add("notes", "note-" + i + ".txt", "text of note " + i + "\n");
    }
    laptop.on("notes", "push");
  }

  @AfterAll
  static void takeItDown() {
    relay.close();
  }

  @Test
  void bringsBackEveryRowThatAMigrationDestroyed() throws IOException {
    JsonNode objects = wrangler.query(DATABASE, OBJECTS);
    JsonNode counts = wrangler.query(DATABASE, EVERYTHING);
    String migrations = withOneThatDestroys().toString();
    succeed(launcher.relayctl("migrate", "up", "--migrations", migrations));
    assertThat(wrangler.query(DATABASE, OBJECTS)).isEmpty();

    succeed(launcher.relayctl("migrate", "restore", "9000", "--migrations", migrations, "--yes"));

    assertThat(wrangler.query(DATABASE, OBJECTS)).isEqualTo(objects);
    assertThat(wrangler.query(DATABASE, EVERYTHING)).isEqualTo(counts);
    Device desk = new Device(launcher, folder.resolve("desk"));
    desk.logIn(url, "ada", PASSWORD);
    desk.succeed("clone", url, "notes", desk.store("notes").toString());
    assertThat(desk.on("notes", "log")).hasSize(5);
    assertThat(desk.on("notes", "verify").path("whole").asBoolean()).isTrue();
  }

  @Test
  void bringsAnExportIntoAnotherDatabaseRowByRow() {
    String file = folder.resolve("export.sql").toString();
    wrangler.succeed("d1", "export", DATABASE, "--remote", "--output", file);
    wrangler.succeed("d1", "create", "drill");
    wrangler.succeed("d1", "execute", "drill", "--remote", "--yes", "--file", file);

    assertThat(wrangler.query("drill", OBJECTS)).isEqualTo(wrangler.query(DATABASE, OBJECTS));
    assertThat(wrangler.query("drill", EVERYTHING)).isEqualTo(wrangler.query(DATABASE, EVERYTHING));
  }

  private static Path withOneThatDestroys() throws IOException {
    Path migrations = Files.createDirectories(folder.resolve("migrations"));
    try (Stream<Path> files = Files.list(launcher.root().resolve("migrations"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.write(migrations.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    Files.writeString(
        migrations.resolve("9000_mistake.sql"),
        """
        -- lint:allow rows-deleted reason=somebody was sure of it
        -- lint:allow rows-cascaded reason=and of what goes with it
        DELETE FROM sync_data;
        """);
    return migrations;
  }

  private static Run succeed(Run run) {
    assertThat(run.exit()).as(run.all()).isZero();
    return run;
  }
}
