package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A Worker script: uploaded as a multipart form, read by three calls. */
final class ScriptResource implements ResourceType {
  private static final ApiPath SCRIPT =
      new ApiPath("/accounts/{accountId}/workers/scripts/{scriptName}");
  private static final ApiPath SERVICE =
      new ApiPath("/accounts/{accountId}/workers/services/{scriptName}");
  private static final String MIGRATION =
      "newClasses newSqliteClasses deletedClasses renamedClasses(from to)"
          + " transferredClasses(from fromScript to)";

  /** Inputs that say what the module is, and are no part of the metadata. */
  private static final Set<String> CODE = Set.of("content", "contentFile", "contentSha256");

  private static final Properties PROPERTIES =
      new Properties(
          Shape.of(
              "accountId scriptName mainModule content contentFile contentSha256"
                  + " compatibilityDate compatibilityFlags"
                  + " bindings(name type text! databaseId id className scriptName namespaceId"
                  + " simple(limit period) bucketName dataset queueName service environment json"
                  + " storeId secretName oldName versionId)"
                  + " observability(enabled headSamplingRate"
                  + " logs(enabled invocationLogs headSamplingRate persist destinations)"
                  + " traces(enabled headSamplingRate persist destinations))"
                  + " usageModel logpush limits(cpuMs subrequests) placement(mode)"
                  + (" migrations(oldTag newTag " + MIGRATION + " steps(" + MIGRATION + "))")
                  + " keepBindings tailConsumers(service environment namespace)"
                  + " annotations(workersMessage:workers/message workersTag:workers/tag)"
                  + " createdOn etag handlers hasAssets hasModules lastDeployedFrom migrationTag"
                  + " modifiedOn startupTimeMs"),
          Set.of("accountId", "scriptName"),
          Set.of("accountId", "scriptName"),
          Set.of("accountId", "scriptName"),
          Set.of("content", "contentFile", "contentSha256", "migrations", "keepBindings"),
          Set.of("placement", "usageModel", "logpush", "tailConsumers", "annotations"),
          Set.of("createdOn"),
          Set.of(
              "etag",
              "handlers",
              "hasAssets",
              "hasModules",
              "lastDeployedFrom",
              "migrationTag",
              "modifiedOn",
              "startupTimeMs"));

  @Override
  public String token() {
    return "cloudflare:index/workersScript:WorkersScript";
  }

  @Override
  public Properties properties() {
    return PROPERTIES;
  }

  @Override
  public List<Properties.Problem> check(ObjectNode inputs) {
    var problems = new ArrayList<>(PROPERTIES.check(inputs));
    problems.addAll(ScriptModule.check(inputs));
    return problems;
  }

  @Override
  public State create(CloudflareApi api, ObjectNode inputs) {
    return put(api, inputs, Json.object());
  }

  @Override
  public State update(CloudflareApi api, State state, ObjectNode inputs) {
    var kept = Json.object();
    kept.setAll(state.properties());
    kept.retain(PROPERTIES.computed());
    return put(api, inputs, kept);
  }

  private static State put(CloudflareApi api, ObjectNode inputs, ObjectNode kept) {
    var module = ScriptModule.read(inputs);
    var described = inputs.deepCopy();
    described.remove(PROPERTIES.addressing());
    described.remove(CODE);
    var upload = new MultipartBody();
    upload.file(module.name(), "application/javascript+module", module.bytes());
    upload.field("metadata", PROPERTIES.shape().toApi(described));
    // Durable Object migrations are refused the second time, when the tag has moved on.
    var isRepeatable = !inputs.has("migrations");
    var path = SCRIPT.fill("", inputs);
    var answer =
        api.result(new ApiRequest("PUT", path, upload.contentType(), upload.bytes(), isRepeatable));
    var applied = kept;
    applied.setAll(inputs);
    applied.setAll(Refresh.computed(PROPERTIES, answer));
    return new State(inputs.path("scriptName").asText(), applied);
  }

  @Override
  public Optional<State> read(CloudflareApi api, String id, ObjectNode inputs) {
    JsonNode service;
    try {
      service = api.result(ApiRequest.of("GET", SERVICE.fill(id, inputs)));
    } catch (ApiException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
    var path = SCRIPT.fill(id, inputs);
    if (!(api.result(ApiRequest.of("GET", path + "/settings")) instanceof ObjectNode settings)) {
      throw new ApiException(
          ApiException.NO_ANSWER, "GET " + path + "/settings was answered without settings");
    }
    // Told empty where nothing was set: nothing that the program might have set.
    settings.removeIf(value -> value.isContainerNode() && value.isEmpty());
    settings.set("bindings", inOrder(inputs.path("bindings"), settings.path("bindings")));
    var live = Refresh.inputs(PROPERTIES, inputs, settings);
    // The module is compared by its hash alone: its text is not kept in the state.
    ScriptModule.ofAnswer(api.answer(ApiRequest.of("GET", path + "/content/v2")))
        .ifPresent(module -> live.put("contentSha256", module.sha256()));
    live.setAll(Refresh.computed(PROPERTIES, service.path("default_environment").path("script")));
    return Optional.of(new State(inputs.path("scriptName").asText(id), live));
  }

  @Override
  public void delete(CloudflareApi api, State state) {
    try {
      api.answer(ApiRequest.of("DELETE", SCRIPT.fill(state.id(), state.properties())));
    } catch (ApiException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  @Override
  public State addressOf(String importId) {
    return new ImportForm("accountId/scriptName").parse(importId, "scriptName");
  }

  /**
   * The live bindings in the order of the program, the others after them. Secrets that the program
   * does not manage are not its business: they are left out, as by the genuine provider.
   */
  private static JsonNode inOrder(JsonNode applied, JsonNode live) {
    var byName = new LinkedHashMap<String, JsonNode>();
    live.forEach(binding -> byName.put(binding.path("name").asText(), binding));
    var ordered = JsonNodeFactory.instance.arrayNode();
    for (var binding : applied) {
      var found = byName.remove(binding.path("name").asText());
      if (found != null) {
        ordered.add(found);
      }
    }
    byName.values().stream()
        .filter(binding -> !binding.path("type").asText().equals("secret_text"))
        .forEach(ordered::add);
    return ordered;
  }
}
