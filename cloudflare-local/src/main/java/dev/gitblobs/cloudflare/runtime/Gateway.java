package dev.gitblobs.cloudflare.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Calls the gateway Worker ({@code runtime/workers/gateway.mjs}) over loopback. */
final class Gateway {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  // D1 itself gives a query 30 s.
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  // A connection for each request: on a kept one, a request sent to a workerd that just ended could
  // not be told from one that was never received.
  static {
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "connection");
  }

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String secret;

  Gateway(String secret) {
    this.secret = secret;
  }

  /**
   * Posts JSON and answers JSON.
   *
   * @throws ConnectException when nobody listens: the request had no effect
   */
  JsonNode post(URI origin, String path, JsonNode body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(origin.resolve(path))
            .timeout(TIMEOUT)
            .header("x-runtime-secret", secret)
            .header("connection", "close")
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(body)))
            .build();
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IOException("the runtime answered status " + response.statusCode());
      }
      return MAPPER.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
