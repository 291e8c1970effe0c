package dev.gitblobs.ops.cloudflare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Calls Cloudflare's REST API v4 and opens its envelope. The token travels in the header and
 * nowhere else; no answer's text is trusted to be JSON.
 */
public final class ApiClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final String root;
  private final String token;

  /**
   * A client of the API at that root.
   *
   * @param root for instance {@code https://api.cloudflare.com/client/v4}
   * @param token an API token; secret
   */
  public ApiClient(URI root, String token) {
    this.root = root.toString().replaceFirst("/+$", "");
    this.token = token;
  }

  /** Which API it calls. */
  public URI root() {
    return URI.create(root);
  }

  /**
   * {@code GET}.
   *
   * @param path below the root, with its leading slash
   * @return the envelope's {@code result}
   * @throws ApiException when Cloudflare refuses or does not answer
   */
  public JsonNode get(String path) {
    return call("GET", path, null);
  }

  /** {@code POST} with a JSON body; otherwise as {@link #get}. */
  public JsonNode post(String path, Object body) {
    return call("POST", path, body);
  }

  /** {@code DELETE}; otherwise as {@link #get}. */
  public JsonNode delete(String path) {
    return call("DELETE", path, null);
  }

  /**
   * {@code PUT} of bytes to an address that the API gave out. It carries its own permission, so the
   * token stays here.
   */
  void upload(String url, byte[] bytes) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(REQUEST_TIMEOUT)
            .PUT(BodyPublishers.ofByteArray(bytes))
            .build();
    HttpResponse<byte[]> response = send("the upload", request);
    if (response.statusCode() != 200) {
      throw new ApiException(
          "the upload", response.statusCode(), 0, "the storage refused it", null);
    }
  }

  /** A value as it goes into a query string. */
  static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private JsonNode call(String method, String path, @Nullable Object body) {
    // What a query string holds is left out of messages.
    String what = method + " " + path.replaceFirst("\\?.*", "");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(root + path))
            .timeout(REQUEST_TIMEOUT)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : json(body))
            .build();
    return open(what, send(what, request));
  }

  private HttpResponse<byte[]> send(String what, HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new ApiException(what, 0, 0, "no answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(what, 0, 0, "interrupted", e);
    }
  }

  private static BodyPublisher json(Object body) {
    try {
      return BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a body that is not JSON: " + body.getClass(), e);
    }
  }

  private static JsonNode open(String what, HttpResponse<byte[]> response) {
    JsonNode envelope;
    try {
      envelope = Json.MAPPER.readTree(response.body());
    } catch (IOException e) {
      throw new ApiException(what, response.statusCode(), 0, "an answer that is not JSON", e);
    }
    if (envelope.path("success").asBoolean()) {
      return envelope.path("result");
    }
    JsonNode error = envelope.path("errors").path(0);
    throw new ApiException(
        what,
        response.statusCode(),
        error.path("code").asInt(),
        error.path("message").asText("no reason given"),
        null);
  }
}
