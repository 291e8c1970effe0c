package dev.gitblobs.cloudflare.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running cloudflare-local: started in a folder, called over HTTP, killed, restarted, closed. */
public final class LocalCloudflare implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path state;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Process process;
  private JsonNode instance;

  private LocalCloudflare(Path state) {
    this.state = state;
    this.process = launch(state, List.of());
    this.instance = awaitReady();
  }

  /** Starts one on free ports; returns when it is ready. */
  public static LocalCloudflare start(Path state) {
    return new LocalCloudflare(state);
  }

  /**
   * The one that the tests of this JVM share: for what leaves it as it was for the others, under
   * names of its own. It ends with the JVM.
   */
  public static LocalCloudflare shared() {
    return Shared.INSTANCE;
  }

  /** Started by the first test that asks for it. */
  private static final class Shared {
    private static final LocalCloudflare INSTANCE = inFolderOfItsOwn();

    private static LocalCloudflare inFolderOfItsOwn() {
      try {
        LocalCloudflare shared = start(Files.createTempDirectory("cloudflare-local"));
        Runtime.getRuntime()
            .addShutdownHook(new Thread(shared::close, "end the shared Cloudflare"));
        return shared;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The program with more options, not waited for; its output goes to {@code serve.log}. */
  public static Process launch(Path state, List<String> options) {
    List<String> command = new ArrayList<>(program());
    command.addAll(
        List.of(
            "serve",
            "--state",
            state.toString(),
            "--node",
            root().resolve("node_modules/.bin/node").toString(),
            "--runtime",
            root().resolve("cloudflare-local/runtime/main.mjs").toString()));
    command.addAll(options);
    try {
      Files.createDirectories(state);
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(state.resolve("serve.log").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The classes when they are at hand (the tests of this module), else the packaged jar. */
  private static List<String> program() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    try {
      Class.forName("dev.gitblobs.cloudflare.Main", false, LocalCloudflare.class.getClassLoader());
      return List.of(
          java, "-cp", System.getProperty("java.class.path"), "dev.gitblobs.cloudflare.Main");
    } catch (ClassNotFoundException e) {
      Path jar = root().resolve("cloudflare-local/target/cloudflare-local.jar");
      return List.of(java, "-jar", jar.toString());
    }
  }

  /** The checkout this test runs in. */
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("cloudflare-local/pom.xml"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("not inside a checkout");
      }
    }
    return folder;
  }

  private JsonNode awaitReady() {
    Path file = state.resolve("instance.json");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (WatchService watch = state.getFileSystem().newWatchService()) {
      state.register(
          watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      while (System.nanoTime() < deadline && process.isAlive()) {
        JsonNode found = Files.exists(file) ? MAPPER.readTree(file.toFile()) : null;
        if (found != null && found.path("pid").asLong() == process.pid()) {
          return found;
        }
        var key = watch.poll(100, TimeUnit.MILLISECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
        }
      }
      throw new IllegalStateException(
          "cloudflare-local did not start: " + Files.readString(state.resolve("serve.log")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public Path state() {
    return state;
  }

  public String apiUrl() {
    return instance.get("api_url").asText();
  }

  public String token() {
    return instance.get("api_token").asText();
  }

  public String accountId() {
    return instance.get("account_id").asText();
  }

  public String zoneId() {
    return instance.get("zone_id").asText();
  }

  /** {@code instance.json} as it was when the program became ready. */
  public JsonNode instance() {
    return instance;
  }

  public Process process() {
    return process;
  }

  /** The path of something in the account: {@code /accounts/ID + path}. */
  public String account(String path) {
    return "/accounts/" + accountId() + path;
  }

  /** The path of something in the zone: {@code /zones/ID + path}. */
  public String zone(String path) {
    return "/zones/" + zoneId() + path;
  }

  /** Where a script answers. */
  public URI worker(String script) {
    return URI.create(
        get("/local/workers/" + script).expect(200).path("result").path("url").asText());
  }

  public Answer get(String path) {
    return call("GET", path, BodyPublishers.noBody(), "application/json");
  }

  public Answer delete(String path) {
    return call("DELETE", path, BodyPublishers.noBody(), "application/json");
  }

  /** Sends a JSON body. */
  public Answer send(String method, String path, String json) {
    return call(method, path, BodyPublishers.ofString(json), "application/json");
  }

  /** Sends an upload. */
  public Answer send(String method, String path, ScriptUpload upload) {
    return call(method, path, upload.body(), upload.contentType());
  }

  private Answer call(String method, String path, BodyPublisher body, String contentType) {
    return Answer.of(
        http(
            HttpRequest.newBuilder(URI.create(apiUrl() + path))
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", contentType)
                .method(method, body)));
  }

  /** Any request, without the token. */
  public HttpResponse<String> http(HttpRequest.Builder request) {
    try {
      return client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** GET of a URL, as text. */
  public String text(URI url) {
    return http(HttpRequest.newBuilder(url)).body();
  }

  /** Stops it with SIGTERM and starts it again in the same folder. */
  public void restart() {
    stop(process.toHandle()::destroy);
    startAgain();
  }

  /** Starts it again after it ended. */
  public void startAgain() {
    process = launch(state, List.of());
    instance = awaitReady();
  }

  /** Kills it as kill -9 does, and waits until it and all its children are gone. */
  public void kill() {
    stop(process.toHandle()::destroyForcibly);
  }

  private void stop(Runnable signal) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    signal.run();
    for (ProcessHandle handle : all) {
      try {
        handle.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (Exception e) {
        throw new IllegalStateException("process " + handle.pid() + " was left running", e);
      }
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop(process.toHandle()::destroy);
    }
  }

  /** What the API answered. */
  public record Answer(int status, JsonNode body, HttpResponse<String> response) {
    static Answer of(HttpResponse<String> response) {
      try {
        boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
        JsonNode body = json ? MAPPER.readTree(response.body()) : MAPPER.nullNode();
        return new Answer(response.statusCode(), body, response);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The body, after checking the status. */
    public JsonNode expect(int wanted) {
      if (status != wanted) {
        throw new AssertionError(
            "expected status " + wanted + ", got " + status + ": " + response.body());
      }
      return body;
    }

    /** {@code result} of a successful answer. */
    public JsonNode result() {
      return expect(200).path("result");
    }

    /** The first error's code; 0 when there is none. */
    public int errorCode() {
      return body.path("errors").path(0).path("code").asInt();
    }

    public @Nullable String errorMessage() {
      return body.path("errors").path(0).path("message").asText(null);
    }
  }
}
