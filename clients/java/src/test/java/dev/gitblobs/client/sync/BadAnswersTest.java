package dev.gitblobs.client.sync;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.Verdict;
import dev.gitblobs.protocol.Verdict.Call;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that are not the relay's, or are and look odd. */
class BadAnswersTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final byte[] GRANT = "{\"access_token\":\"a\"}".getBytes(StandardCharsets.UTF_8);

  private final HttpServer server =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final CountDownLatch isOver = new CountDownLatch(1);

  BadAnswersTest() throws IOException {
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  @AfterEach
  void stop() {
    isOver.countDown();
    server.stop(0);
  }

  private RelayHttp.Reply ask(HttpHandler handler, Duration patience) {
    server.createContext("/login", handler);
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    RelayHttp http = new RelayHttp(HttpClient.newHttpClient(), url, () -> Instant.EPOCH, patience);
    return http.send(Call.LOGIN, "POST", "/login", Json.object(), "");
  }

  private RelayHttp.Reply ask(HttpHandler handler) {
    return ask(handler, Duration.ofSeconds(30));
  }

  private static void isForeign(RelayHttp.Reply reply, String words) {
    assertThat(reply.answer()).isNull();
    assertThat(requireNonNull(reply.problem()).reason()).contains("not the relay", words);
    assertThat(reply.isRefused(Verdict.WAIT)).isTrue();
  }

  private static void packed(HttpExchange exchange, byte[] plain, int times) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < times; i++) {
        out.write(plain);
      }
    }
    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    exchange.sendResponseHeaders(200, bytes.size());
    exchange.getResponseBody().write(bytes.toByteArray());
    exchange.close();
  }

  @Test
  void readsNoAnswerThatIsLargerThanAny() {
    RelayHttp.Reply reply =
        ask(
            exchange -> {
              try (exchange) {
                exchange.sendResponseHeaders(200, 0);
                for (int i = 0; i < 50; i++) {
                  exchange.getResponseBody().write(new byte[MEBIBYTE]);
                }
              }
            });
    isForeign(reply, "too large");
  }

  @Test
  void readsWhatAGatewayHasPackedUnasked() {
    RelayHttp.Reply reply = ask(exchange -> packed(exchange, GRANT, 1));
    assertThat(requireNonNull(reply.answer()).text("access_token")).contains("a");
  }

  @Test
  void unpacksNoMoreThanAnyAnswerHas() {
    isForeign(ask(exchange -> packed(exchange, new byte[MEBIBYTE], 50)), "too large");
  }

  @Test
  void takesAPageWithStatus200ForWhatItIs() {
    isForeign(
        ask(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write("<html>".getBytes(StandardCharsets.UTF_8));
              exchange.close();
            }),
        "not JSON");
  }

  @Test
  void followsNobodyElsewhere() {
    isForeign(
        ask(
            exchange -> {
              exchange.getResponseHeaders().set("Location", "/elsewhere");
              exchange.sendResponseHeaders(307, -1);
              exchange.close();
            }),
        "status 307");
  }

  @Test
  void givesUpWhoAcceptsAndSaysNothing() {
    givesUp(exchange -> awaitEnd());
  }

  @Test
  void givesUpWhoBeginsAndDoesNotEnd() {
    givesUp(
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          awaitEnd();
        });
  }

  private void givesUp(HttpHandler handler) {
    assertThatThrownBy(() -> ask(handler, Duration.ofMillis(300)))
        .isInstanceOfSatisfying(
            ConnectionLostException.class,
            e -> assertThat(e.then()).isEqualTo(AfterClose.RECONNECT))
        .hasMessageContaining("does not answer");
  }

  private void awaitEnd() {
    try {
      isOver.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
