package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An operator brings the relay up on one machine, hurts it, brings it back and takes it down. */
@Tag("full")
final class UpLocalJourneyIT {
  @TempDir private static Path state;
  private static Launcher launcher;
  private static Wrangler wrangler;
  private static JsonNode first;

  @BeforeAll
  static void bringItUp() {
    launcher = new Launcher(state);
    wrangler = new Wrangler(launcher);
    Run up = launcher.relayctl("up", "local", "--json");
    assertThat(up.exit()).as(up.all()).isZero();
    first = up.json();
  }

  @AfterAll
  static void takeItDown() throws Exception {
    List<ProcessHandle> all = wrangler.processes();
    Run down = launcher.relayctl("down", "local");
    assertThat(down.exit()).as(down.all()).isZero();
    assertThat(launcher.local()).doesNotExist();
    assertThat(all).isNotEmpty().noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void endsWithARelayThatReadsItsDatabase() throws Exception {
    assertThat(first.path("healthy").asBoolean()).isTrue();
    HttpResponse<String> health = get(first.path("url").asText() + "/health");
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(Launcher.JSON.readTree(health.body()).at("/database/migration").asText())
        .isEqualTo(newestMigration());
  }

  @Test
  void changesNothingWhenRunAgain() {
    Run again = launcher.relayctl("up", "local", "--json");
    assertThat(again.exit()).as(again.all()).isZero();
    assertThat(again.json().path("changed").asBoolean()).as(again.all()).isFalse();
    assertThat(again.json().path("url")).isEqualTo(first.path("url"));
  }

  @Test
  void previewsNoChange() {
    Run preview = launcher.relayctl("preview", "local", "--json");
    assertThat(preview.exit()).as(preview.all()).isZero();
    assertThat(preview.json().path("created").asInt() + preview.json().path("updated").asInt())
        .as(preview.all())
        .isZero();
  }

  @Test
  void tellsItsStatus() {
    Run status = launcher.relayctl("status", "--env", "local", "--json");
    assertThat(status.exit()).as(status.all()).isZero();
    assertThat(status.json().path("healthy").asBoolean()).isTrue();
    assertThat(status.json().path("url").asText()).startsWith("http://127.0.0.1:");
    assertThat(status.json().path("version").asText()).startsWith("0.");
  }

  @Test
  void comesBackWithItsDataAfterKill9() throws Exception {
    wrangler.query(
        "gitblobs-relay-local",
        "INSERT INTO audit_log (at, actor, action, request_id, ip_prefix)"
            + " VALUES (1, 'e2e', 'kept', '-', '-')");
    ProcessHandle process =
        ProcessHandle.of(wrangler.instance().path("pid").asLong()).orElseThrow();
    process.destroyForcibly();
    process.onExit().get(10, TimeUnit.SECONDS);

    Run up = launcher.relayctl("up", "local", "--json");
    assertThat(up.exit()).as(up.all()).isZero();
    assertThat(up.json().path("url")).isEqualTo(first.path("url"));
    assertThat(
            wrangler.query(
                "gitblobs-relay-local", "SELECT action FROM audit_log WHERE actor = 'e2e'"))
        .extracting(row -> row.path("action").asText())
        .containsExactly("kept");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void outlivesTheTerminalItWasStartedIn() throws IOException {
    List<ProcessHandle> family = wrangler.processes();
    assertThat(family).hasSizeGreaterThan(2);
    for (ProcessHandle process : family) {
      // Its session, the fourth field after the name in brackets (proc(5)): a closed terminal ends
      // its own only.
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      assertThat(fields[3]).isEqualTo(String.valueOf(family.get(0).pid()));
    }
  }

  @Test
  void isACloudflareForUnmodifiedWrangler() throws IOException {
    assertThat(wrangler.succeed("d1", "list", "--json").out()).contains("gitblobs-relay-local");
    assertThat(
            wrangler
                .query("gitblobs-relay-local", "SELECT count(*) AS n FROM d1_migrations")
                .at("/0/n")
                .asLong())
        .isEqualTo(migrations().size());
  }

  private static String newestMigration() throws IOException {
    return migrations().get(migrations().size() - 1);
  }

  private static List<String> migrations() throws IOException {
    try (Stream<Path> files = Files.list(launcher.root().resolve("migrations"))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
