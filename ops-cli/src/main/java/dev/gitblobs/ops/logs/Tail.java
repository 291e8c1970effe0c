package dev.gitblobs.ops.logs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.json.Json;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A live view of a Worker's events (a "tail"), over a WebSocket of the subprotocol {@code
 * trace-v1}. Closing it gives it back to Cloudflare, which allows ten for a script.
 */
public final class Tail implements AutoCloseable {
  private static final String ENOUGH = "nobody wants another event";
  private static final int MAX_EVENT_BYTES = 4_000_000;

  private final ApiClient api;
  private final String path;
  private final WebSocket socket;
  private final CompletableFuture<String> ended;

  private Tail(ApiClient api, String path, WebSocket socket, CompletableFuture<String> ended) {
    this.api = api;
    this.path = path;
    this.socket = socket;
    this.ended = ended;
  }

  /**
   * Begins to follow a script.
   *
   * @param events gets each event, one at a time, and says whether it wants another
   * @throws OpsException when the socket cannot be opened
   */
  public static Tail open(
      ApiClient api,
      String accountId,
      String scriptName,
      TailFilter filter,
      Predicate<JsonNode> events) {
    String tails = "/accounts/" + accountId + "/workers/scripts/" + scriptName + "/tails";
    JsonNode tail = api.post(tails, Map.of("filters", filter.toApi()));
    String path = tails + "/" + tail.path("id").asText();
    CompletableFuture<String> ended = new CompletableFuture<>();
    try {
      WebSocket socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .connectTimeout(Duration.ofSeconds(10))
              .subprotocols("trace-v1")
              .buildAsync(URI.create(tail.path("url").asText()), new Events(events, ended))
              .join();
      socket.sendText("{\"debug\":false}", true).join();
      return new Tail(api, path, socket, ended);
    } catch (CompletionException e) {
      api.delete(path);
      throw new OpsException(
          "Could not follow the logs of " + scriptName + ": " + e.getCause(),
          "Run the same command again.",
          e);
    }
  }

  /**
   * Waits until nobody wants another event, the other side ends it, or the time is over.
   *
   * @throws OpsException when the other side ended it
   */
  public void follow(Duration time) {
    try {
      String reason = ended.get(time.toMillis(), TimeUnit.MILLISECONDS);
      if (!reason.equals(ENOUGH)) {
        throw new OpsException("The tail ended: " + reason, "Run the same command again.");
      }
    } catch (TimeoutException e) {
      return; // the time that was asked for is over
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new OpsException("The tail broke: " + e.getCause(), "Run the same command again.", e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    api.delete(path);
  }

  /** Puts messages together from their parts; text or binary, each is one JSON document. */
  private static final class Events implements WebSocket.Listener {
    private final Predicate<JsonNode> events;
    private final CompletableFuture<String> ended;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    Events(Predicate<JsonNode> events, CompletableFuture<String> ended) {
      this.events = events;
      this.ended = ended;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      return take(socket, part.toString().getBytes(StandardCharsets.UTF_8), last);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
      byte[] bytes = new byte[part.remaining()];
      part.get(bytes);
      return take(socket, bytes, last);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      ended.complete("closed with " + code + " " + reason);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      ended.completeExceptionally(error);
    }

    private CompletionStage<?> take(WebSocket socket, byte[] part, boolean last) {
      message.writeBytes(part);
      if (message.size() > MAX_EVENT_BYTES) {
        ended.complete("an event of more than " + MAX_EVENT_BYTES + " bytes");
        socket.abort();
        return CompletableFuture.completedStage(null);
      }
      if (last) {
        String text = message.toString(StandardCharsets.UTF_8);
        message.reset();
        try {
          if (!events.test(Json.MAPPER.readTree(text))) {
            ended.complete(ENOUGH);
          }
        } catch (JsonProcessingException e) {
          ended.complete("an event that is not JSON");
        }
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }
  }
}
