package dev.gitblobs.ops.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.gitblobs.ops.environment.Loopback;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Secret;
import dev.gitblobs.ops.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to a relay with one bearer token, which travels in the header and nowhere else, and only
 * over https or on this machine. Redirects are not followed.
 */
public final class RelayClient {
  /** Field names as on the wire. */
  private static final ObjectMapper JSON =
      Json.MAPPER.copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  private static final int FIRST_REFUSAL = 300;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final URI relay;
  private final @Nullable Secret token;

  /**
   * A client of that relay.
   *
   * @param token null for what needs none
   * @throws OpsException for an address that is neither https nor on this machine
   */
  public RelayClient(URI relay, @Nullable Secret token) {
    if (!"https".equals(relay.getScheme()) && !Loopback.is(relay)) {
      throw new OpsException(
          "The relay's address " + relay + " is not https, so no secret is sent there.",
          "Use the https address.");
    }
    this.relay = relay;
    this.token = token;
  }

  /** {@code GET}; fails as {@link #send}. */
  public JsonNode get(String path) {
    return send("GET", path, null);
  }

  /** {@code POST} with a JSON object; fails as {@link #send}. */
  public JsonNode post(String path, Map<String, ?> body) {
    return send("POST", path, body);
  }

  /** {@code DELETE}; fails as {@link #send}. */
  public JsonNode delete(String path) {
    return send("DELETE", path, null);
  }

  /**
   * Sends a request.
   *
   * @param path from the root, with its leading slash
   * @return the answer's JSON; a missing node when it has none
   * @throws RelayProblem when the relay refuses or does not answer
   */
  public JsonNode send(String method, String path, @Nullable Map<String, ?> body) {
    String what = method + " " + relay.resolve(path.replaceFirst("\\?.*", ""));
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(relay.resolve(path)).timeout(Duration.ofSeconds(60));
      if (token != null) {
        request.header("Authorization", "Bearer " + token.value());
      }
      if (body != null) {
        request.header("Content-Type", "application/json");
      }
      request.method(
          method,
          body == null
              ? BodyPublishers.noBody()
              : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      JsonNode answer = read(response.body());
      if (response.statusCode() >= FIRST_REFUSAL) {
        throw RelayProblem.of(what, response.statusCode(), answer);
      }
      return answer;
    } catch (IOException e) {
      throw RelayProblem.unanswered(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RelayProblem.unanswered(what, e);
    }
  }

  /**
   * Opens a socket to a store, {@code gbr.v1}.
   *
   * @throws RelayProblem when the relay refuses or does not answer
   */
  public WebSocket socket(String store, WebSocket.Listener listener) {
    URI address =
        URI.create(
            relay.resolve("/ws?store=" + encode(store)).toString().replaceFirst("^http", "ws"));
    try {
      WebSocket.Builder socket =
          http.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(15)).subprotocols("gbr.v1");
      if (token != null) {
        socket.header("Authorization", "Bearer " + token.value());
      }
      return socket.buildAsync(address, listener).join();
    } catch (CompletionException e) {
      String what = "GET " + relay.resolve("/ws");
      if (e.getCause() instanceof WebSocketHandshakeException refusal) {
        throw RelayProblem.of(what, refusal.getResponse().statusCode(), JSON.missingNode());
      }
      throw RelayProblem.unanswered(what, e);
    }
  }

  /**
   * Reads an answer as a record.
   *
   * @throws OpsException when it has another shape: the relay is of another version
   */
  static <T> T as(JsonNode answer, Class<T> type) {
    try {
      return JSON.treeToValue(answer, type);
    } catch (JsonProcessingException e) {
      throw new OpsException(
          "The relay answered in another form than this relayctl knows: " + e.getOriginalMessage(),
          "Use the relayctl of the version that is deployed; relayctl status tells it.",
          e);
    }
  }

  /** A value as it goes into a path or query. */
  static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static JsonNode read(byte[] body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return JSON.missingNode(); // a proxy's page, for instance: the status says enough
    }
  }
}
