package dev.gitblobs.ops.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.environment.OpsException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Following a Worker that logs, on a running local Cloudflare. */
final class LogsIT {
  private static final String SOURCE =
      """
      export default {
        fetch(request) {
          const path = new URL(request.url).pathname;
          console.log("path", path, "\\u001b[2J");
          if (path === "/throw") throw new Error("on purpose");
          return new Response();
        },
      };
      """;

  @TempDir private static Path state;
  private static LocalCloudflare cloudflare;
  private static URI worker;

  @BeforeAll
  static void startWorker() throws IOException {
    cloudflare = LocalCloudflare.shared();
    cloudflare
        .send("PUT", cloudflare.account("/workers/scripts/chatty"), ScriptUpload.of(SOURCE))
        .expect(200);
    worker = cloudflare.worker("chatty");
    Path outputs = Files.createDirectories(state.resolve("dev")).resolve("outputs.json");
    Files.writeString(
        outputs,
        """
        {"accountId": "%s", "scriptName": "chatty", "databaseId": "none", "databaseName": "none"}"""
            .formatted(cloudflare.accountId()));
  }

  @Test
  void givesEachEventOnceAndInOrder() throws Exception {
    BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
    try (Tail tail = open(new TailFilter(null, null, null, null), events)) {
      request("/one");
      request("/two");
      assertThat(next(events).at("/logs/0/message/1").asText()).isEqualTo("/one");
      assertThat(next(events).at("/logs/0/message/1").asText()).isEqualTo("/two");
    }
    assertThat(tails()).as("closing gives the tail back").isEmpty();
  }

  @Test
  void showsOnlyWhatTheFilterLetsThrough() throws Exception {
    assertThat(firstOf(new TailFilter("error", null, null, null))).isEqualTo("/throw");
    assertThat(firstOf(new TailFilter(null, null, "/throw", null))).isEqualTo("/throw");
    assertThat(firstOf(new TailFilter("ok", "GET", "/last", null))).isEqualTo("/last");
  }

  private static String firstOf(TailFilter filter) throws InterruptedException {
    BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
    try (Tail tail = open(filter, events)) {
      request("/first");
      request("/throw");
      request("/last");
      return next(events).at("/logs/0/message/1").asText();
    }
  }

  @Test
  void refusesASamplingRateThatIsNone() {
    for (double share : new double[] {7, 0, -0.5, Double.NaN}) {
      assertThatThrownBy(() -> new TailFilter(null, null, null, share))
          .isInstanceOf(OpsException.class)
          .hasMessageContaining("is no share");
    }
  }

  @Test
  void endsWhenNobodyWantsAnotherEvent() {
    Tail tail =
        Tail.open(
            api(),
            cloudflare.accountId(),
            "chatty",
            new TailFilter(null, null, null, null),
            event -> false);
    try (tail) {
      request("/enough");
      tail.follow(Duration.ofMinutes(2));
    }
    assertThat(tails()).isEmpty();
  }

  @Test
  void endsQuietlyWhenTheReaderOfItsOutputLeaves() throws Exception {
    Process process = relayctl("\"$@\" | head -n 1", "logs", "--env", "dev");
    while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
      request("/again");
    }
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(err).isZero();
    assertThat(process.inputReader(StandardCharsets.UTF_8).lines().toList())
        .singleElement()
        .asString()
        .contains("ok GET http")
        .contains("/again");
    assertThat(err).isEmpty();
    assertThat(tails()).isEmpty();
  }

  @Test
  void printsOneEventOnEachLineAsJsonAndSteersNoTerminal() throws Exception {
    Process process = relayctl("\"$@\" | head -n 2", "logs", "--env", "dev", "--json");
    while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
      request("/json");
    }
    List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(2).allMatch(line -> line.startsWith("{\"") && line.endsWith("}"));
    assertThat(lines.toString()).doesNotContain("\u001b");
  }

  private static Process relayctl(String pipe, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                pipe,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.gitblobs.ops.Main"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(
            Map.of(
                "RELAY_STATE", state.toString(),
                "CLOUDFLARE_API_TOKEN", cloudflare.token(),
                "CLOUDFLARE_BASE_URL", cloudflare.apiUrl()));
    return builder.start();
  }

  private static Tail open(TailFilter filter, BlockingQueue<JsonNode> events) {
    return Tail.open(api(), cloudflare.accountId(), "chatty", filter, events::add);
  }

  private static ApiClient api() {
    return new ApiClient(URI.create(cloudflare.apiUrl()), cloudflare.token());
  }

  private static void request(String path) {
    cloudflare.text(worker.resolve(path));
  }

  private static JsonNode tails() {
    return cloudflare.get(cloudflare.account("/workers/scripts/chatty/tails")).result();
  }

  private static JsonNode next(BlockingQueue<JsonNode> events) throws InterruptedException {
    JsonNode event = events.poll(60, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    return event;
  }
}
