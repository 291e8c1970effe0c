package dev.gitblobs.ops.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a relay says of itself at {@code GET /health}.
 *
 * @param healthy whether it answered 200
 * @param version its version; null when it did not say
 * @param deployment Cloudflare's id of the Worker version that answered; null when it did not say
 * @param detail why it is not healthy, or how fast it answered
 */
public record RelayHealth(
    boolean healthy, @Nullable String version, @Nullable String deployment, String detail) {
  /**
   * Asks the relay at that address. Never throws for a relay that is down: that is an answer too.
   */
  public static RelayHealth of(URI relay) {
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(relay.resolve("/health"))
                  .timeout(Duration.ofSeconds(15))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode body = Json.MAPPER.readTree(response.body());
      String version = body.path("version").asText(null);
      return new RelayHealth(
          response.statusCode() == 200,
          version,
          body.path("deployment").asText(null),
          "HTTP " + response.statusCode() + " " + reason(body));
    } catch (JsonProcessingException e) {
      return new RelayHealth(false, null, null, "it answered something that is not JSON");
    } catch (IOException e) {
      return new RelayHealth(false, null, null, "no answer from " + relay + ": " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new RelayHealth(false, null, null, "interrupted");
    }
  }

  /** The same, but not healthy when another Worker version than this one answered. */
  public RelayHealth requiring(Optional<String> wanted) {
    if (deployment == null || wanted.isEmpty() || wanted.get().equals(deployment)) {
      return this;
    }
    return new RelayHealth(
        false,
        version,
        deployment,
        "the Worker version " + deployment + " answers, not " + wanted.get() + " (" + detail + ")");
  }

  private static String reason(JsonNode body) {
    return body.path("detail").asText(body.path("status").asText(""));
  }
}
