package dev.gitblobs.ops.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.cloudflare.D1;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Imports that take long, which the local Cloudflare's never do: its answers are spelled out. */
final class D1ImportTest {
  private static final String IMPORTING = "{\"success\":true,\"at_bookmark\":\"1\"}";

  private static final String ANNOUNCED =
      "{\"upload_url\":\"%s/upload\",\"filename\":\"f\",\"success\":true}";
  private static final String COMPLETE = "{\"status\":\"complete\"}";

  private final Deque<String> states = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();

  /** The status that telling D1 to run the import is answered with; 0 cuts the connection. */
  private int ingestStatus = 200;

  private final List<Duration> pauses = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String request =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(request);
          boolean isIngest = request.contains("\"ingest\"");
          if (isIngest && ingestStatus == 0) {
            exchange.close();
            return;
          }
          boolean isTaken = !isIngest || ingestStatus == 200;
          byte[] answer = (isTaken ? answer(exchange) : refusal()).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(isIngest ? ingestStatus : 200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  private String answer(HttpExchange exchange) {
    boolean isUpload = exchange.getRequestMethod().equals("PUT");
    String state = isUpload || states.size() == 1 ? states.element() : states.pop();
    return "{\"success\":true,\"result\":" + state + "}";
  }

  private static String refusal() {
    return "{\"success\":false,\"errors\":[{\"code\":7403,\"message\":\"not yours\"}]}";
  }

  private String root() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void asksAgainWithPausesUntilTheImportIsComplete() {
    states.addAll(List.of(IMPORTING, IMPORTING, IMPORTING, "{\"status\":\"complete\"}"));
    runImport();
    assertThat(pauses).hasSize(3).containsOnly(Duration.ofSeconds(1));
  }

  @Test
  void tellsWhyTheDatabaseRefusesIt() {
    states.addAll(List.of(IMPORTING, "{\"status\":\"error\",\"errors\":[\"near TABEL\"]}"));
    assertThatThrownBy(this::runImport)
        .isInstanceOf(SqlDatabase.Refusal.class)
        .hasMessage("near TABEL");
  }

  @Test
  void doesNotWaitForEver() {
    states.add(IMPORTING);
    assertThatThrownBy(this::runImport)
        .isInstanceOf(SqlDatabase.Unanswered.class)
        .hasMessageContaining("still being imported");
    assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus)).hasMinutes(30);
  }

  @Test
  void asksLessAndLessOftenTheLongerItTakes() {
    states.add(IMPORTING);
    assertThatThrownBy(this::runImport).isInstanceOf(SqlDatabase.Unanswered.class);
    assertThat(pauses.get(0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(pauses.subList(0, pauses.size() - 1)).as("but for what is left").isSorted();
    assertThat(pauses).hasSizeBetween(50, 80).anyMatch(pause -> pause.toMinutes() >= 2);
  }

  @Test
  void uploadsWhatTheDatabaseDoesNotHaveAndTellsHowFarItIs() {
    states.addAll(List.of(ANNOUNCED.formatted(root()), IMPORTING, COMPLETE));
    assertThat(runImport())
        .containsExactly(Step.IMPORT_BEGUN, Step.IMPORT_UPLOADED, Step.IMPORT_INGESTED);
    assertThat(requests).contains("SELECT 1;");
  }

  @Test
  void swallowsNoRefusalToRunWhatWasUploaded() {
    states.addAll(List.of(ANNOUNCED.formatted(root()), COMPLETE));
    ingestStatus = 403;
    assertThatThrownBy(this::runImport)
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("not yours");
  }

  @Test
  void asksHowItWentWhenTheAnswerIsLost() {
    states.addAll(List.of(ANNOUNCED.formatted(root()), COMPLETE));
    ingestStatus = 0;
    assertThat(runImport()).endsWith(Step.IMPORT_INGESTED);
    assertThat(requests.get(requests.size() - 1)).contains("\"poll\"");
  }

  private List<Step> runImport() {
    List<Step> steps = new ArrayList<>();
    D1 d1 = new D1(new ApiClient(URI.create(root()), "token"), "account", "database");
    new D1Database(d1, pauses::add).importText("SELECT 1;", steps::add);
    return steps;
  }
}
