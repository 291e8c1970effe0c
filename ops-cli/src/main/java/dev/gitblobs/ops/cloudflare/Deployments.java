package dev.gitblobs.ops.cloudflare;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a Worker, and which of them serves
 * (https://developers.cloudflare.com/api/resources/workers/subresources/scripts/subresources/deployments/).
 */
public final class Deployments {
  private static final int NOT_FOUND = 404;

  private final ApiClient api;
  private final String script;

  /** Of that script in that account. */
  public Deployments(ApiClient api, String accountId, String scriptName) {
    this.api = api;
    this.script = "/accounts/" + accountId + "/workers/scripts/" + scriptName;
  }

  /** A version and the part of the requests that it answers, in percent. */
  public record Share(@JsonProperty("version_id") String version, double percentage) {
    /** That version answers everything. */
    public static List<Share> all(String version) {
      return List.of(new Share(version, 100));
    }
  }

  /**
   * A version; its JSON form is stable.
   *
   * @param number counts the uploads
   * @param uploadedAt when it came to be, as Cloudflare writes it
   * @param commit of its sources, abbreviated; null when the upload did not say
   * @param trigger what made it, by Cloudflare's words: {@code upload}, {@code secret}, ..
   */
  public record Version(
      String id,
      long number,
      @JsonProperty("uploaded_at") String uploadedAt,
      @Nullable String commit,
      String trigger) {
    /** Whether an update of the stack can have made it. */
    @JsonIgnore
    public boolean isUpload() {
      return trigger.equals("upload");
    }
  }

  /** What serves now; empty when the script is not there. */
  public List<Share> serving() {
    List<Share> shares = new ArrayList<>();
    find("/deployments")
        .map(answer -> answer.path("deployments").path(0).path("versions"))
        .ifPresent(
            versions ->
                versions.forEach(
                    share ->
                        shares.add(
                            new Share(
                                share.path("version_id").asText(),
                                share.path("percentage").asDouble()))));
    return shares;
  }

  /** The one version that serves now; empty when the script is not there or traffic is split. */
  public Optional<String> current() {
    List<Share> shares = serving();
    return shares.size() == 1 ? Optional.of(shares.get(0).version()) : Optional.empty();
  }

  /** The versions that may serve, newest first. */
  public List<Version> versions() {
    List<Version> versions = new ArrayList<>();
    find("/versions?deployable=true")
        .map(answer -> answer.path("items"))
        .ifPresent(items -> items.forEach(item -> versions.add(version(item))));
    return versions;
  }

  /** Lets these versions serve, even when a secret changed since. */
  public void serve(List<Share> shares, String message) {
    api.post(
        script + "/deployments?force=true",
        Map.of(
            "strategy",
            "percentage",
            "versions",
            shares,
            "annotations",
            Map.of("workers/message", message)));
  }

  private static Version version(JsonNode item) {
    JsonNode annotations = item.path("annotations");
    return new Version(
        item.path("id").asText(),
        item.path("number").asLong(),
        item.path("metadata").path("created_on").asText(),
        annotations.path("workers/tag").asText(null),
        annotations.path("workers/triggered_by").asText(""));
  }

  private Optional<JsonNode> find(String what) {
    try {
      return Optional.of(api.get(script + what));
    } catch (ApiException e) {
      if (e.status() == NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
