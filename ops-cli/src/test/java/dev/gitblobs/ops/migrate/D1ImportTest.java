package dev.gitblobs.ops.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.gitblobs.ops.cloudflare.ApiClient;
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

  private final Deque<String> states = new ArrayDeque<>();
  private final List<Duration> pauses = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          String state = states.size() > 1 ? states.pop() : states.element();
          byte[] answer =
              ("{\"success\":true,\"result\":" + state + "}").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
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

  private void runImport() {
    URI root = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    D1 d1 = new D1(new ApiClient(root, "token"), "account", "database");
    new D1Database(d1, pauses::add).importText("SELECT 1;", step -> {});
  }
}
