package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.GoldenStores.Content;
import dev.gitblobs.e2e.Page.Sight;
import dev.gitblobs.e2e.Page.Visit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job on data of the original clients: one device pushes their stores, a second clones
 * them, a browser opens them, devices diverge and converge, and an operator works meanwhile.
 */
@Tag("full")
final class WholeJobJourneyIT {
  /** The stores pushed as they are; {@code branchy} is A, of which B is another continuation. */
  private static final List<String> GOLDEN = List.of("single", "linear", "dag", "many");

  private static final String PASSWORD = "a password that nobody else has";

  @TempDir private static Path folder;
  private static GoldenStores golden;
  private static PreparedRelay relay;
  private static Launcher launcher;
  private static String url;
  private static Device laptop;
  private static Device desk;
  private static Page page;

  @BeforeAll
  static void pushWhatTheOriginalClientsMade() {
    golden = new GoldenStores();
    relay = PreparedRelay.start(folder.resolve("state"));
    launcher = relay.launcher();
    url = relay.url();
    relay.addUser("ada", PASSWORD);
    laptop = new Device(launcher, folder.resolve("laptop"));
    desk = new Device(launcher, folder.resolve("desk"));
    page = new Page(launcher, url, "ada", PASSWORD);
    laptop.logIn(url, "ada", PASSWORD);
    desk.logIn(url, "ada", PASSWORD);
    GOLDEN.forEach(store -> push(store, store));
    push("A", "branchy");
  }

  @AfterAll
  static void takeItDown() {
    relay.close();
  }

  @Test
  void readsBackExactlyWhatTheOriginalClientsMade() {
    for (String store : GOLDEN) {
      desk.succeed("clone", url, store, desk.store(store).toString());
      assertThat(Content.of(desk, store)).as(store).isEqualTo(golden.content(store));
      assertThat(desk.on(store, "verify").path("whole").asBoolean()).as(store).isTrue();
    }
  }

  @Test
  void showsTheSameStoresInABrowser() {
    List<Sight> seen = page.visit(GOLDEN.stream().map(Visit::reading).toList());
    for (Sight sight : seen) {
      Content expected = golden.content(sight.store());
      assertThat(expected.head()).as(sight.store()).startsWith(sight.head());
      assertThat(expected.files().keySet()).as(sight.store()).containsAll(sight.files());
    }
    assertThat(seen).extracting(Sight::store).containsExactlyElementsOf(GOLDEN);
  }

  @Test
  void convergesThreeDevicesThatDiverged() {
    golden.copy("B", desk.store("branchy"));
    desk.tie("branchy", url, "branchy");
    assertThat(desk.on("branchy", "sync").path("merge").asText()).isEqualTo("merged");
    laptop.add("branchy", "from-laptop.txt", "written while the browser wrote\n");
    page.visit(List.of(Visit.writing("branchy", "from-page.txt", "written in a browser")));
    assertThat(laptop.on("branchy", "sync").path("merge").asText()).isEqualTo("merged");
    assertThat(desk.on("branchy", "sync").path("merge").asText()).isEqualTo("fast-forward");

    Content converged = Content.of(desk, "branchy");
    assertThat(Content.of(laptop, "branchy")).isEqualTo(converged);
    assertThat(converged.head())
        .startsWith(page.visit(List.of(Visit.reading("branchy"))).get(0).head());
    TreeMap<String, String> both = golden.content("A").files();
    both.putAll(golden.content("B").files());
    assertThat(converged.files()).containsAllEntriesOf(both);
    assertThat(converged.files()).containsKeys("from-laptop.txt", "from-page.txt");
    assertThat(converged.commits())
        .containsAll(golden.content("A").commits())
        .containsAll(golden.content("B").commits());
    assertThat(laptop.on("branchy", "verify").path("whole").asBoolean()).isTrue();
    assertThat(desk.on("branchy", "verify").path("whole").asBoolean()).isTrue();
  }

  @Test
  void losesNothingAndRefusesNobodyWhileAnOperatorWorks() throws Exception {
    laptop.succeed("--store", laptop.store("busy").toString(), "init");
    laptop.tie("busy", url, "busy");
    Future<Integer> work = CompletableFuture.supplyAsync(WholeJobJourneyIT::addAndPush);

    String kid = launcher.operate("keys", "rotate", "--json").json().path("kid").asText();
    launcher.operate("migrate", "up", "--migrations", withOneMore().toString(), "--json");
    launcher.operate("cleanup", "--json");
    String log = launcher.operate("logs", "--for", "3", "--json").out();
    JsonNode status = launcher.operate("status", "--json").json();

    int pushed = work.get();
    desk.succeed("clone", url, "busy", desk.store("busy").toString());
    assertThat(desk.on("busy", "log")).hasSize(pushed);
    assertThat(desk.on("busy", "verify").path("whole").asBoolean()).isTrue();
    assertThat(launcher.operate("keys", "list", "--json").out()).contains(kid);
    assertThat(status.path("healthy").asBoolean()).isTrue();
    assertThat(log).doesNotContain(PASSWORD);
    assertThat(
            launcher
                .operate("migrate", "info", "--json", "--migrations", withOneMore().toString())
                .out())
        .contains("9000_journey.sql");
  }

  /** One file, one commit, one push after the other; every one has to succeed. */
  private static int addAndPush() {
    int commits = 12;
    for (int i = 0; i < commits; i++) {
      laptop.add("busy", "file-" + i + ".txt", "number " + i + "\n");
      laptop.on("busy", "push");
    }
    return commits;
  }

  private static Path withOneMore() throws IOException {
    Path migrations = Files.createDirectories(folder.resolve("migrations"));
    try (Stream<Path> files = Files.list(launcher.root().resolve("migrations"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.write(migrations.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    Files.writeString(
        migrations.resolve("9000_journey.sql"), "CREATE TABLE journey (id INTEGER PRIMARY KEY);\n");
    return migrations;
  }

  private static void push(String goldenStore, String store) {
    golden.copy(goldenStore, laptop.store(store));
    laptop.tie(store, url, store);
    assertThat(laptop.on(store, "push").path("pushed").asBoolean()).as(store).isTrue();
  }
}
