package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import java.util.Set;

/**
 * One call of the API.
 *
 * @param path below the base URL, starting with a slash, already encoded
 * @param isRepeatable whether repeating it has no second effect, so that it may be repeated after
 *     any failure
 */
record ApiRequest(
    String method, String path, String contentType, ByteString body, boolean isRepeatable) {
  private static final Set<String> REPEATABLE = Set.of("GET", "PUT", "PATCH", "DELETE");

  static ApiRequest of(String method, String path) {
    return new ApiRequest(method, path, "", ByteString.EMPTY, REPEATABLE.contains(method));
  }

  static ApiRequest of(String method, String path, JsonNode body) {
    try {
      return new ApiRequest(
          method,
          path,
          "application/json",
          ByteString.copyFrom(Json.MAPPER.writeValueAsBytes(body)),
          REPEATABLE.contains(method));
    } catch (JsonProcessingException e) {
      throw new AssertionError("a JSON tree can always be written", e);
    }
  }

  /** Method and path; never the body, which may hold secrets. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
