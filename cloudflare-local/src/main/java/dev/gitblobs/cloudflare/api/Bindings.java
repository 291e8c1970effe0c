package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Script.DurableClass;
import dev.gitblobs.cloudflare.account.Version;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.runtime.BindingOptions;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The bindings of an upload: those sent, inherited and kept, checked against the account. */
final class Bindings {
  private static final int INVALID = 10021;
  // PLATFORM limit: 5 KB for each text.
  private static final int MAX_TEXT_BYTES = 5 * 1024;

  private Bindings() {}

  /** The upload's own bindings in their order, then those it keeps of the version before. */
  static ArrayNode resolve(JsonNode metadata, Optional<Version> before) {
    ArrayNode resolved = Results.array();
    Set<String> names = new HashSet<>();
    JsonNode sent = metadata.path("bindings");
    if (!sent.isMissingNode() && !sent.isArray()) {
      throw ApiException.badRequest(INVALID, "bindings must be a list.");
    }
    for (JsonNode binding : sent) {
      String name = Results.text(binding, "name", INVALID);
      if (!names.add(name)) {
        throw ApiException.badRequest(INVALID, "Two bindings are named " + name + ".");
      }
      boolean inherits = binding.path("type").asText().equals("inherit");
      resolved.add(inherits ? inherited(binding, name, before) : binding.deepCopy());
    }
    Set<String> kept = new HashSet<>();
    metadata.path("keep_bindings").forEach(type -> kept.add(type.asText()));
    before.ifPresent(
        version -> {
          for (JsonNode binding : version.metadata().path("bindings")) {
            if (kept.contains(binding.path("type").asText())
                && names.add(binding.path("name").asText())) {
              resolved.add(binding.deepCopy());
            }
          }
        });
    return resolved;
  }

  private static JsonNode inherited(JsonNode binding, String name, Optional<Version> before) {
    String oldName = binding.path("old_name").asText(name);
    return before
        .flatMap(version -> find(version, oldName))
        .map(old -> ((ObjectNode) old.deepCopy()).put("name", name))
        .orElseThrow(
            () ->
                ApiException.badRequest(
                    10057, "There is no binding named " + oldName + " to inherit."));
  }

  static Optional<JsonNode> find(Version version, String name) {
    for (JsonNode binding : version.metadata().path("bindings")) {
      if (binding.path("name").asText().equals(name)) {
        return Optional.of(binding);
      }
    }
    return Optional.empty();
  }

  /** Refuses what would not run: unknown types, and things that the account does not have. */
  static void check(
      ArrayNode bindings, String script, Map<String, DurableClass> classes, AccountState state) {
    for (JsonNode binding : bindings) {
      String name = binding.path("name").asText();
      String type = binding.path("type").asText();
      if (!BindingOptions.TYPES.contains(type)) {
        throw ApiException.badRequest(
            INVALID, "The binding " + name + " has the type '" + type + "', absent here.");
      }
      switch (type) {
        case "plain_text", "secret_text" -> checkText(binding, name);
        case "d1" -> checkDatabase(binding, name, state);
        case "durable_object_namespace" -> checkClass(binding, script, classes, state);
        case "service" -> checkService(binding, script, state);
        case "ratelimit" -> checkRateLimit(binding, name);
        default -> {
          // Nothing to check: made when first used.
        }
      }
    }
  }

  private static void checkText(JsonNode binding, String name) {
    if (!binding.path("text").isTextual()) {
      throw ApiException.badRequest(INVALID, "The binding " + name + " has no text.");
    }
    int bytes =
        binding.get("text").asText().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (bytes > MAX_TEXT_BYTES) {
      throw ApiException.badRequest(
          INVALID, "The text of binding " + name + " exceeds the limit of 5 KB: " + bytes + " B.");
    }
  }

  private static void checkDatabase(JsonNode binding, String name, AccountState state) {
    String id = binding.path("database_id").asText(binding.path("id").asText());
    if (!state.databases().containsKey(id)) {
      throw ApiException.badRequest(
          INVALID,
          "D1 binding '" + name + "' references database '" + id + "' which was not found.");
    }
  }

  private static void checkClass(
      JsonNode binding, String script, Map<String, DurableClass> classes, AccountState state) {
    String className = binding.path("class_name").asText();
    String owner = binding.path("script_name").asText(script);
    Map<String, DurableClass> owned =
        owner.equals(script)
            ? classes
            : state.script(owner).map(other -> other.classes()).orElse(Map.of());
    if (!owned.containsKey(className)) {
      throw ApiException.badRequest(
          10061,
          "Cannot create binding for class '"
              + className
              + "' because it is not currently configured to implement Durable Objects."
              + " Did you forget to apply a 'new_classes' migration to it?");
    }
  }

  private static void checkService(JsonNode binding, String script, AccountState state) {
    String service = binding.path("service").asText();
    if (!service.equals(script) && state.script(service).isEmpty()) {
      throw ApiException.badRequest(
          10143, "Could not resolve service binding to '" + service + "'. It was not found.");
    }
  }

  private static void checkRateLimit(JsonNode binding, String name) {
    JsonNode simple = binding.path("simple");
    int period = simple.path("period").asInt();
    if (simple.path("limit").asLong() < 1 || (period != 10 && period != 60)) {
      throw ApiException.badRequest(
          INVALID, "The rate limit " + name + " needs a limit from 1 and a period of 10 or 60 s.");
    }
  }
}
