package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;

/**
 * Calls the REST API v4 and opens its envelope.
 *
 * <p>Repeats a call that could not be served: after 429 and 503 always, after other failures only
 * if the call is repeatable, and never when the answer says {@code x-should-retry: false}.
 */
final class CloudflareApi {
  private static final int ATTEMPTS = 4;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Long enough for the upload of the largest script over a slow line. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(2);

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  private final ProviderConfig config;
  private final Duration firstPause;

  CloudflareApi(ProviderConfig config) {
    this(config, Duration.ofMillis(500));
  }

  CloudflareApi(ProviderConfig config, Duration firstPause) {
    this.config = config;
    this.firstPause = firstPause;
  }

  /**
   * The {@code result} of the envelope; missing if the answer has none.
   *
   * @throws ApiException if the call fails
   */
  JsonNode result(ApiRequest request) {
    var response = answer(request);
    try {
      return response.body().length == 0
          ? MissingNode.getInstance()
          : Json.MAPPER.readTree(response.body()).path("result");
    } catch (IOException e) {
      throw new ApiException(request + " was answered with something that is not JSON", e);
    }
  }

  /**
   * The answer as it is, for the calls without an envelope.
   *
   * @throws ApiException if the call fails
   */
  HttpResponse<byte[]> answer(ApiRequest request) {
    var pause = firstPause;
    for (var attempt = 1; ; attempt++) {
      ApiException failure;
      boolean again;
      try {
        var response = HTTP.send(toHttp(request), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 == 2) {
          return response;
        }
        failure = failure(request, response);
        again = mayRepeat(request, response);
      } catch (IOException e) {
        failure = noAnswer(request, e);
        again = request.isRepeatable();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ApiException(request + " was interrupted", e);
      }
      if (!again || attempt == ATTEMPTS) {
        throw failure;
      }
      sleep(request, pause);
      pause = pause.multipliedBy(2);
    }
  }

  private HttpRequest toHttp(ApiRequest request) {
    var http =
        HttpRequest.newBuilder(URI.create(config.baseUrl() + request.path()))
            .timeout(REQUEST_TIMEOUT)
            .header("Authorization", "Bearer " + config.apiToken())
            .method(
                request.method(),
                request.body().isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(request.body().toByteArray()));
    if (!request.contentType().isEmpty()) {
      http.header("Content-Type", request.contentType());
    }
    return http.build();
  }

  private static boolean mayRepeat(ApiRequest request, HttpResponse<?> response) {
    if (response.headers().firstValue("x-should-retry").filter("false"::equals).isPresent()) {
      return false;
    }
    var status = response.statusCode();
    return status == 429 || status == 503 || (status >= 500 && request.isRepeatable());
  }

  private static void sleep(ApiRequest request, Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(request + " was interrupted", e);
    }
  }

  private ApiException noAnswer(ApiRequest request, IOException cause) {
    var reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new ApiException(
        request + ": no answer from " + config.baseUrl() + " (" + reason + "); is it running?",
        cause);
  }

  private static ApiException failure(ApiRequest request, HttpResponse<byte[]> response) {
    var status = response.statusCode();
    var hint =
        status == 401 || status == 403
            ? "; check the API token (cloudflare:apiToken) and its permissions"
            : "";
    return new ApiException(
        status, request + " was answered " + status + ": " + errors(response.body()) + hint);
  }

  private static String errors(byte[] body) {
    var texts = new ArrayList<String>();
    try {
      for (var error : Json.MAPPER.readTree(body).path("errors")) {
        texts.add(error.path("message").asText() + " [code " + error.path("code").asText() + "]");
      }
    } catch (IOException e) {
      return "not Cloudflare's envelope, " + body.length + " bytes";
    }
    return texts.isEmpty() ? "no reason given" : String.join("; ", texts);
  }
}
