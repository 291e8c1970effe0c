package dev.gitblobs.ops.cloudflare;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One import into a D1 database: announced, uploaded, run, waited for, in this order. While it runs
 * the database answers nobody else; a failure undoes it.
 */
public final class D1Import {
  /** Far longer than any import of migrations; after it nobody should wait unasked. */
  static final Duration PATIENCE = Duration.ofMinutes(30);

  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final int PAUSES_PER_WAIT = 10;
  private static final int BAD_REQUEST = 400;

  private final ApiClient api;
  private final String path;
  private final byte[] bytes;
  private final String etag;
  private JsonNode state;

  private D1Import(ApiClient api, String path, byte[] bytes) {
    this.api = api;
    this.path = path;
    this.bytes = bytes;
    this.etag = md5(bytes);
    this.state = post(Map.of("action", "init", "etag", etag));
  }

  static D1Import begin(ApiClient api, String path, String sql) {
    return new D1Import(api, path, sql.getBytes(StandardCharsets.UTF_8));
  }

  /** Uploads the text; nothing is done when D1 has it from before. */
  public void upload() {
    if (state.hasNonNull("upload_url")) {
      api.upload(state.path("upload_url").asText(), bytes);
    }
  }

  /**
   * Tells D1 to run what was uploaded. A lost answer is no failure yet: {@link #await} asks again.
   */
  public void ingest() {
    if (!state.hasNonNull("upload_url")) {
      return;
    }
    String filename = state.path("filename").asText();
    try {
      state = post(Map.of("action", "ingest", "etag", etag, "filename", filename));
    } catch (ApiException e) {
      if (e.status() != 0) {
        throw e;
      }
    }
  }

  /**
   * Waits until all of it was run.
   *
   * @param sleep lets time pass
   * @throws ApiException when a statement is refused, with {@link ApiException#SQL_FAILED}; or when
   *     nobody knows how it ended, with status 0
   */
  public void await(Consumer<Duration> sleep) {
    Duration waited = Duration.ZERO;
    while (!state.path("status").asText().equals("complete")) {
      if (state.path("status").asText().equals("error")) {
        throw new ApiException(
            "POST " + path, BAD_REQUEST, ApiException.SQL_FAILED, reason(), null);
      }
      if (!state.path("success").asBoolean(true)) {
        throw new ApiException("POST " + path, 0, 0, reason(), null);
      }
      if (waited.compareTo(PATIENCE) >= 0) {
        throw new ApiException("POST " + path, 0, 0, "it is still being imported", null);
      }
      // D1 itself holds each answer back for a while; this is for one that does not.
      Duration pause = pauseAfter(waited);
      sleep.accept(pause);
      waited = waited.plus(pause);
      String bookmark = state.path("at_bookmark").asText();
      state = post(Map.of("action", "poll", "current_bookmark", bookmark));
    }
  }

  /** A tenth of what was waited already: a long import is not asked after every second. */
  private static Duration pauseAfter(Duration waited) {
    Duration pause = waited.dividedBy(PAUSES_PER_WAIT);
    Duration left = PATIENCE.minus(waited);
    return pause.compareTo(SHORTEST_PAUSE) < 0
        ? SHORTEST_PAUSE
        : pause.compareTo(left) < 0 ? pause : left;
  }

  private JsonNode post(Map<String, String> body) {
    return api.post(path, body);
  }

  private String reason() {
    String first = state.path("errors").path(0).asText("");
    return first.isEmpty() ? state.path("error").asText("the import failed") : first;
  }

  /** The API asks for MD5 as the upload's fingerprint; nothing is trusted because of it. */
  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
