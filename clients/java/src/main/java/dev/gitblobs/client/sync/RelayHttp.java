package dev.gitblobs.client.sync;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.network.NetworkFailure;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.Verdict;
import dev.gitblobs.protocol.Verdict.Call;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The one sender of requests to a relay: every failure has its cause and its verdict. */
final class RelayHttp {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** No answer of the relay to a request of ours is larger. */
  private static final int MAX_ANSWER_BYTES = 8 << 20;

  private final HttpClient http;
  private final String url;
  private final InstantSource clock;
  private final Duration patience;

  RelayHttp(HttpClient http, String url, InstantSource clock) {
    this(http, url, clock, PATIENCE);
  }

  RelayHttp(HttpClient http, String url, InstantSource clock, Duration patience) {
    this.patience = patience;
    this.http = http;
    this.url = url;
    this.clock = clock;
  }

  HttpClient client() {
    return http;
  }

  /** What came of a request: the relay's answer, or why there is none. Exactly one is there. */
  record Reply(Json.@Nullable Obj answer, @Nullable RelayProblem problem) {
    boolean isRefused(Verdict then) {
      return problem != null && problem.then() == then;
    }

    /** The pause that was asked for. */
    Optional<Duration> pause() {
      return problem == null ? Optional.empty() : problem.pause();
    }
  }

  /**
   * Sends a request with a body of JSON, or without one.
   *
   * @throws ConnectionLostException when nobody answers
   */
  Reply send(Call call, String method, String path, Json.@Nullable Obj body, String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(patience)
            .header("Accept", "application/json");
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.header("Content-Type", "application/json");
      request.method(method, BodyPublishers.ofString(body.toText()));
    }
    HttpResponse<Optional<byte[]>> response = exchange(request.build());
    Optional<byte[]> bytes = response.body().flatMap(raw -> unpacked(response.headers(), raw));
    return bytes.isPresent()
        ? read(call, response, bytes.get())
        : new Reply(null, RelayProblem.foreign("its answer is too large", Optional.empty()));
  }

  /** Gateways pack answers unasked; empty for one that is larger than any of the relay's. */
  private static Optional<byte[]> unpacked(HttpHeaders headers, byte[] body) {
    if (!headers.firstValue("Content-Encoding").orElse("").equalsIgnoreCase("gzip")) {
      return Optional.of(body);
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      byte[] bytes = in.readNBytes(MAX_ANSWER_BYTES + 1);
      return bytes.length > MAX_ANSWER_BYTES ? Optional.empty() : Optional.of(bytes);
    } catch (IOException e) {
      return Optional.of(body); // whatever it is, it is not JSON
    }
  }

  private Reply read(Call call, HttpResponse<?> response, byte[] body) {
    if (response.statusCode() / 100 != 2) {
      return new Reply(
          null, RelayProblem.of(call, response.statusCode(), response.headers(), body, clock));
    }
    try {
      return new Reply(body.length == 0 ? Json.object() : JsonReader.readObject(body), null);
    } catch (JsonReader.InvalidJsonException e) {
      return new Reply(null, RelayProblem.foreign("its answer is not JSON", Optional.empty()));
    }
  }

  /** The limit of the request itself ends with the head of the answer: the body gets one too. */
  private HttpResponse<Optional<byte[]>> exchange(HttpRequest request) {
    CompletableFuture<HttpResponse<Optional<byte[]>>> answer =
        http.sendAsync(request, head -> new LimitedBody(MAX_ANSWER_BYTES));
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw unreachable(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw unreachable((IOException) new HttpTimeoutException("no answer").initCause(e));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new ConnectionLostException("Interrupted.", AfterClose.STOP, e);
    }
  }

  /** Nobody answered. */
  ConnectionLostException unreachable(Throwable cause) {
    return new ConnectionLostException(
        "Tried to reach " + url + " but " + NetworkFailure.reason(cause) + ".",
        AfterClose.RECONNECT,
        cause);
  }
}
