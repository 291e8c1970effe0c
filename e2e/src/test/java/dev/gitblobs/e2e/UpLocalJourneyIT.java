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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator brings the relay up on one machine, hurts it, brings it back and takes it down. */
final class UpLocalJourneyIT {
  @TempDir private static Path state;
  private static Launcher launcher;
  private static JsonNode first;

  @BeforeAll
  static void bringItUp() {
    launcher = new Launcher(state);
    Run up = launcher.relayctl("up", "local", "--json");
    assertThat(up.exit()).as(up.all()).isZero();
    first = up.json();
  }

  @AfterAll
  static void takeItDown() throws Exception {
    long pid = instance().path("pid").asLong();
    List<ProcessHandle> all = family(pid);
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
    wrangler(
        "d1",
        "execute",
        "gitblobs-relay-local",
        "--remote",
        "--yes",
        "--command",
        "INSERT INTO audit_log (at, actor, action, request_id, ip_prefix)"
            + " VALUES (1, 'e2e', 'kept', '-', '-')");
    ProcessHandle process = ProcessHandle.of(instance().path("pid").asLong()).orElseThrow();
    process.destroyForcibly();
    process.onExit().get(10, TimeUnit.SECONDS);

    Run up = launcher.relayctl("up", "local", "--json");
    assertThat(up.exit()).as(up.all()).isZero();
    assertThat(up.json().path("url")).isEqualTo(first.path("url"));
    assertThat(
            wrangler(
                    "d1",
                    "execute",
                    "gitblobs-relay-local",
                    "--remote",
                    "--json",
                    "--command",
                    "SELECT action FROM audit_log WHERE actor = 'e2e'")
                .out())
        .contains("kept");
  }

  @Test
  void isACloudflareForUnmodifiedWrangler() {
    assertThat(wrangler("d1", "list", "--json").out()).contains("gitblobs-relay-local");
    assertThat(
            wrangler(
                    "d1",
                    "execute",
                    "gitblobs-relay-local",
                    "--remote",
                    "--json",
                    "--command",
                    "SELECT count(*) AS n FROM d1_migrations")
                .out())
        .contains("\"n\"");
  }

  private static String newestMigration() throws IOException {
    try (Stream<Path> files = Files.list(launcher.root().resolve("migrations"))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .sorted()
          .reduce((a, b) -> b)
          .orElseThrow();
    }
  }

  private static Run wrangler(String... arguments) {
    JsonNode instance = instance();
    List<String> command = new ArrayList<>();
    command.add(launcher.root().resolve("node_modules/.bin/node").toString());
    command.add(launcher.root().resolve("node_modules/wrangler/bin/wrangler.js").toString());
    command.addAll(List.of(arguments));
    Run run =
        launcher
            .with("CLOUDFLARE_API_BASE_URL", instance.path("api_url").asText())
            .with("CLOUDFLARE_API_TOKEN", instance.path("api_token").asText())
            .with("CLOUDFLARE_ACCOUNT_ID", instance.path("account_id").asText())
            .with("WRANGLER_SEND_METRICS", "false")
            .with("CI", "true")
            .run(command);
    assertThat(run.exit()).as(run.all()).isZero();
    return run;
  }

  private static JsonNode instance() {
    try {
      return Launcher.JSON.readTree(
          Files.readString(launcher.local().resolve("cloudflare/instance.json")));
    } catch (IOException e) {
      throw new AssertionError("no instance.json", e);
    }
  }

  private static List<ProcessHandle> family(long pid) {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    return Stream.concat(Stream.of(process), process.descendants()).toList();
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
