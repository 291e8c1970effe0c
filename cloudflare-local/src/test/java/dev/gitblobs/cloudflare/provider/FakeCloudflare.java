package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Answers the API calls of a test as the test says, and records them. It knows nothing of
 * Cloudflare but the envelope, so that each test shows what it assumes.
 */
final class FakeCloudflare implements Closeable {
  /** A call as it arrived. */
  record Call(String method, String path, String contentType, String body) {
    JsonNode json() {
      try {
        return Json.MAPPER.readTree(body);
      } catch (IOException e) {
        throw new AssertionError(body, e);
      }
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private record Answer(int status, String contentType, String body, Map<String, String> headers) {}

  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new TreeMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  FakeCloudflare() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/client/v4/", this::handle);
    server.start();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/client/v4";
  }

  /** From now on {@code call}, such as {@code GET /zones}, has this result; the last one stays. */
  FakeCloudflare result(String call, String json) {
    return raw(call, 200, "application/json", "{\"success\":true,\"result\":" + json + "}");
  }

  FakeCloudflare fails(String call, int status, int code, String message) {
    return fails(call, status, code, message, Map.of());
  }

  FakeCloudflare fails(
      String call, int status, int code, String message, Map<String, String> headers) {
    var error = JsonNodeFactory.instance.objectNode().put("code", code).put("message", message);
    ObjectNode envelope = JsonNodeFactory.instance.objectNode().put("success", false);
    envelope.putArray("errors").add(error);
    return add(call, new Answer(status, "application/json", envelope.toString(), headers));
  }

  FakeCloudflare raw(String call, int status, String contentType, String body) {
    return add(call, new Answer(status, contentType, body, Map.of()));
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The only call that began so. */
  Call only(String methodAndPath) {
    var found = calls.stream().filter(call -> call.toString().equals(methodAndPath)).toList();
    if (found.size() != 1) {
      throw new AssertionError(methodAndPath + " was called " + found.size() + " times: " + calls);
    }
    return found.get(0);
  }

  private FakeCloudflare add(String call, Answer answer) {
    answers.computeIfAbsent(call, any -> new ArrayDeque<>()).add(answer);
    return this;
  }

  private void handle(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getRawPath().substring("/client/v4".length());
    var type = exchange.getRequestHeaders().getFirst("Content-Type");
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var call = new Call(exchange.getRequestMethod(), path, type == null ? "" : type, body);
    calls.add(call);
    var answer = next(call.toString());
    var status = answer == null ? 404 : answer.status();
    var text =
        answer == null
            ? "{\"success\":false,\"errors\":[{\"code\":7003,\"message\":\"No route\"}]}"
            : answer.body();
    if (answer != null) {
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      answer.headers().forEach(exchange.getResponseHeaders()::set);
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized @Nullable Answer next(String call) {
    var queue = answers.get(call);
    if (queue == null) {
      return null;
    }
    return queue.size() > 1 ? queue.poll() : queue.peek();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
