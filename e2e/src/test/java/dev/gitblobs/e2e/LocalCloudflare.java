package dev.gitblobs.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The local Cloudflare as a process of the test's own. */
final class LocalCloudflare implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final JsonNode instance;

  private LocalCloudflare(Process process, JsonNode instance) {
    this.process = process;
    this.instance = instance;
  }

  /** Starts one and waits until it is ready. */
  static LocalCloudflare start(Path root, Path state) {
    try {
      var process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-jar",
                  root.resolve("cloudflare-local/target/cloudflare-local.jar").toString(),
                  "serve",
                  "--state",
                  state.toString(),
                  "--node",
                  root.resolve("node_modules/.bin/node").toString(),
                  "--runtime",
                  root.resolve("cloudflare-local/runtime/main.mjs").toString())
              .redirectErrorStream(true)
              .start();
      var said = new StringBuilder();
      var lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        said.append(line).append('\n');
        if (line.contains(": ready at ")) {
          return new LocalCloudflare(
              process, Launcher.JSON.readTree(Files.readString(state.resolve("instance.json"))));
        }
      }
      throw new AssertionError("cloudflare-local did not start: " + said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text(String field) {
    return instance.path(field).asText();
  }

  /** Calls its API below the account; the answer's result. */
  JsonNode account(String method, String path, String body) {
    return call(method, "/accounts/" + text("account_id") + path, body);
  }

  JsonNode call(String method, String path, String body) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(text("api_url") + path))
              .header("Authorization", "Bearer " + text("api_token"))
              .header("Content-Type", "application/json")
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build();
      var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return Launcher.JSON.readTree(answer.body()).path("result");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What the Worker answers to a GET of that path. */
  HttpResponse<String> worker(String script, String path) {
    try {
      var url = call("GET", "/local/workers/" + script, "").path("url").asText();
      var request = HttpRequest.newBuilder(URI.create(url + path)).build();
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("cloudflare-local did not end");
    }
  }
}
