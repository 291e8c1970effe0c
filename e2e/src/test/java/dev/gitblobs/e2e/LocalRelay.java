package dev.gitblobs.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The relay of the environment {@code local}, and the Cloudflare below it, without relayctl. */
final class LocalRelay {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String NAME = "gitblobs-relay-local";

  private final Launcher launcher;
  private final String url;

  LocalRelay(Launcher launcher, String url) {
    this.launcher = launcher;
    this.url = url;
  }

  /** Logs in; the answer with the tokens. */
  JsonNode login(String username, String password) {
    var body = Map.of("username", username, "password", password, "device", "e2e");
    var request =
        HttpRequest.newBuilder(URI.create(url + "/login"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json(body)));
    var response = send(request);
    if (response.statusCode() != 200) {
      throw new AssertionError("login: " + response.statusCode() + " " + response.body());
    }
    return read(response.body());
  }

  HttpResponse<String> get(String path, String token) {
    return send(
        HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token));
  }

  /**
   * The rows of a statement, or of the first of several; what stands for {@code ?1}, {@code ?2} may
   * be null.
   */
  JsonNode sql(String statement, @Nullable Object... parameters) {
    var id = cloudflare("GET", "/d1/database?name=" + NAME, "").path(0).path("uuid").asText();
    var body = json(Map.of("sql", statement, "params", Arrays.asList(parameters)));
    return cloudflare("POST", "/d1/database/" + id + "/query", body).path(0).path("results");
  }

  /** Gives the Worker another secret, as a deployment does. */
  void setSecret(String name, String value) {
    cloudflare(
        "PUT",
        "/workers/scripts/" + NAME + "/secrets",
        json(Map.of("name", name, "text", value, "type", "secret_text")));
  }

  /**
   * D1 queries of the relay's hungriest invocation since it was started; none if it does not answer
   * any more.
   */
  OptionalInt mostQueries() {
    try {
      JsonNode told = local("GET", "/local/workers/" + NAME + "/d1-queries", "");
      return OptionalInt.of(told.path("most").asInt());
    } catch (AssertionError e) {
      return OptionalInt.empty();
    }
  }

  private JsonNode cloudflare(String method, String path, String body) {
    return local(method, "/accounts/" + instance().path("account_id").asText() + path, body);
  }

  private JsonNode instance() {
    try {
      return read(Files.readString(launcher.local().resolve("cloudflare/instance.json")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode local(String method, String path, String body) {
    JsonNode instance = instance();
    var response =
        send(
            HttpRequest.newBuilder(URI.create(instance.path("api_url").asText() + path))
                .header("Authorization", "Bearer " + instance.path("api_token").asText())
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
    if (response.statusCode() != 200) {
      throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
    }
    return read(response.body()).path("result");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String json(Object value) {
    try {
      return Launcher.JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode read(String text) {
    try {
      return Launcher.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }
}
