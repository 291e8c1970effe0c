package dev.gitblobs.client.sync;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers in a relay's place: the relay's grants, and at chosen paths whatever a test wants. */
final class Impostor implements AutoCloseable {
  /** What is answered at a path. */
  record Answer(int status, String mediaType, String body, String retryAfter) {
    Answer(int status, String mediaType, String body) {
      this(status, mediaType, body, "");
    }

    /** A problem document as the relay writes it. */
    static Answer problem(int status, String code) {
      return new Answer(
          status,
          "application/problem+json; charset=utf-8",
          "{\"type\":\"urn:gitblobs:problem:%s\",\"title\":\"No\",\"status\":%d,\"code\":\"%s\"}"
              .formatted(code, status, code));
    }

    Answer after(String pause) {
      return new Answer(status, mediaType, body, pause);
    }
  }

  /** The paths that were asked for, and the tokens that came with them. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final HttpServer server;
  private int grants;

  Impostor() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      String token = exchange.getRequestHeaders().getFirst("Authorization");
      asked.add(token == null ? path : path + " " + token);
      Answer answer = answers.get(path);
      if (answer == null) {
        grants++;
        answer =
            new Answer(
                200,
                "application/json",
                "{\"access_token\":\"access-%d\",\"expires_in\":900,\"refresh_token\":\"refresh-%d\",\"user\":{\"username\":\"ada\"}}"
                    .formatted(grants, grants));
      }
      if (!answer.mediaType().isEmpty()) {
        exchange.getResponseHeaders().set("Content-Type", answer.mediaType());
      }
      if (!answer.retryAfter().isEmpty()) {
        exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      boolean hasBody = body.length > 0 && answer.status() != 204 && answer.status() != 304;
      exchange.sendResponseHeaders(answer.status(), hasBody ? body.length : -1);
      if (hasBody) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
