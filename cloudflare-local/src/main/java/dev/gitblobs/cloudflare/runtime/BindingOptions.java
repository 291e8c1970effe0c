package dev.gitblobs.cloudflare.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.runtime.WorkerPlan.VersionPlan;
import java.util.Optional;
import java.util.Set;

/** Turns bindings as the API has them into Miniflare's. */
public final class BindingOptions {
  /** The binding types that run here; an upload with another one is refused. */
  public static final Set<String> TYPES =
      Set.of(
          "plain_text",
          "secret_text",
          "json",
          "d1",
          "durable_object_namespace",
          "kv_namespace",
          "r2_bucket",
          "queue",
          "analytics_engine",
          "ratelimit",
          "service",
          "version_metadata");

  private final ObjectMapper mapper;

  BindingOptions(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** Empty for a type that is not in {@link #TYPES}. */
  Optional<ObjectNode> of(JsonNode binding, String script, VersionPlan version) {
    ObjectNode option = mapper.createObjectNode();
    switch (binding.path("type").asText()) {
      case "plain_text", "secret_text" ->
          option.put("type", "text").put("value", binding.path("text").asText());
      case "json" -> option.put("type", "json").set("value", binding.path("json"));
      case "d1" ->
          option
              .put("type", "d1")
              .put("id", binding.path("database_id").asText(binding.path("id").asText()));
      case "durable_object_namespace" ->
          option
              .put("type", "durable-object")
              .put("worker", binding.path("script_name").asText(script))
              .put("exportName", binding.path("class_name").asText());
      case "kv_namespace" ->
          option.put("type", "kv").put("id", binding.path("namespace_id").asText());
      case "r2_bucket" ->
          option.put("type", "r2").put("name", binding.path("bucket_name").asText());
      case "queue" -> option.put("type", "queue").put("name", binding.path("queue_name").asText());
      case "analytics_engine" ->
          option
              .put("type", "analytics-engine-dataset")
              .put("name", binding.path("dataset").asText());
      case "ratelimit" -> rateLimit(option, binding);
      case "service" ->
          option.put("type", "worker").put("worker", binding.path("service").asText());
      case "version_metadata" -> versionMetadata(option, version);
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(option);
  }

  /** Whether the binding points at a Worker or its classes, which a probe does not have. */
  static boolean needsWorker(JsonNode option) {
    return option.has("worker");
  }

  private static void rateLimit(ObjectNode option, JsonNode binding) {
    option.put("type", "rate-limit").put("namespace", binding.path("namespace_id").asText());
    option
        .putObject("simple")
        .put("limit", binding.path("simple").path("limit").asLong())
        .put("period", binding.path("simple").path("period").asInt());
  }

  /** The real version: Miniflare's own binding would make one up. */
  private static void versionMetadata(ObjectNode option, VersionPlan version) {
    option
        .put("type", "json")
        .putObject("value")
        .put("id", version.id())
        .put("tag", version.tag())
        .put("timestamp", version.createdOn());
  }
}
