package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Finds the resource that an earlier update made without hearing of it: the connection or a process
 * died between the making and the answer, so the engine's state lacks it.
 *
 * <p>What is found must carry the very values that would be sent, and, where the API tells its age,
 * be at most an hour old: a resource of somebody else is never taken over.
 */
final class LostCreation {
  private static final Duration NEWEST = Duration.ofHours(1);

  private LostCreation() {}

  /**
   * Looks through the collection.
   *
   * @param twin the field by which two of them are told alike
   * @param body what the creating call sends
   */
  static Optional<JsonNode> find(CloudflareApi api, String collection, String twin, JsonNode body) {
    var value = URLEncoder.encode(body.path(twin).asText(), StandardCharsets.UTF_8);
    for (var live : api.result(ApiRequest.of("GET", collection + "?" + twin + "=" + value))) {
      if (live.path(twin).equals(body.path(twin)) && isOurs(live, body)) {
        return Optional.of(live);
      }
    }
    return Optional.empty();
  }

  private static boolean isOurs(JsonNode live, JsonNode body) {
    var differs =
        body.properties().stream()
            .map(sent -> new JsonNode[] {sent.getValue(), live.path(sent.getKey())})
            .anyMatch(
                pair -> !pair[1].isMissingNode() && !pair[1].isNull() && !pair[1].equals(pair[0]));
    return !differs && isRecent(live.path("created_at").asText(live.path("created").asText("")));
  }

  private static boolean isRecent(String createdAt) {
    if (createdAt.isEmpty()) {
      return true; // then all that identifies it was compared
    }
    try {
      return Instant.parse(createdAt).isAfter(Instant.now().minus(NEWEST));
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
