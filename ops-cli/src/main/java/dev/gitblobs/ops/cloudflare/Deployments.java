package dev.gitblobs.ops.cloudflare;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which version of a Worker serves
 * (https://developers.cloudflare.com/api/resources/workers/subresources/scripts/subresources/deployments/).
 */
public final class Deployments {
  private static final int NOT_FOUND = 404;

  private final ApiClient api;
  private final String path;

  /** Of that script in that account. */
  public Deployments(ApiClient api, String accountId, String scriptName) {
    this.api = api;
    this.path = "/accounts/" + accountId + "/workers/scripts/" + scriptName + "/deployments";
  }

  /** The version that serves now; empty when the script is not there or traffic is split. */
  public Optional<String> current() {
    try {
      JsonNode versions = api.get(path).path("deployments").path(0).path("versions");
      return versions.size() == 1
          ? Optional.of(versions.path(0).path("version_id").asText())
          : Optional.empty();
    } catch (ApiException e) {
      if (e.status() == NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Lets that version serve everything, even when a secret changed since. */
  public void roll(String version, String message) {
    api.post(
        path + "?force=true",
        Map.of(
            "strategy",
            "percentage",
            "versions",
            List.of(Map.of("version_id", version, "percentage", 100)),
            "annotations",
            Map.of("workers/message", message)));
  }
}
