package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A script's secrets: their names are told, never their values. A change is deployed at once. */
final class SecretsApi {
  private static final String ALL = ScriptsApi.ONE + "/secrets";
  private static final String ONE = ALL + "/{secret}";

  private final Account account;
  private final Publisher publisher;

  SecretsApi(Account account, Publisher publisher) {
    this.account = account;
    this.publisher = publisher;
  }

  void register(Router router) {
    router
        .get(ALL, call -> Results.page(call, names(ScriptsApi.find(account, call))))
        .put(ALL, this::put)
        .get(ONE, call -> Reply.ok(find(ScriptsApi.find(account, call), call.path("secret"))))
        .delete(ONE, this::delete)
        .patch(ScriptsApi.ONE + "/secrets-bulk", this::bulk);
  }

  private static ArrayNode names(Script script) {
    ArrayNode names = Results.array();
    for (JsonNode binding : ScriptViews.bindings(script.latest().metadata())) {
      if (Secrets.isSecret(binding)) {
        names.add(binding);
      }
    }
    return names;
  }

  private static JsonNode find(Script script, String name) {
    for (JsonNode secret : names(script)) {
      if (secret.path("name").asText().equals(name)) {
        return secret;
      }
    }
    throw ApiException.notFound(10056, "There is no secret named " + name + ".");
  }

  private Reply put(Call call) throws IOException {
    String script = ScriptsApi.find(account, call).name();
    ObjectNode body = call.object();
    String name = Results.text(body, "name", Secrets.INVALID);
    change(script, Map.of(name, body));
    return Reply.ok(Results.object().put("name", name).put("type", body.path("type").asText()));
  }

  private Reply delete(Call call) {
    String name = call.path("secret");
    publisher.amend(
        call.path("script"),
        script -> {
          find(script, name);
          checkDeployed(script);
        },
        (latest, metadata) -> Secrets.patch(metadata, Map.of(name, NullNode.getInstance())),
        "secret");
    return Reply.none();
  }

  /** A merge patch of {@code {secrets: {NAME: {..} or null}}}: all of it or nothing. */
  private Reply bulk(Call call) throws IOException {
    String script = ScriptsApi.find(account, call).name();
    JsonNode secrets = call.object().path("secrets");
    if (!secrets.isObject()) {
      throw ApiException.badRequest(Secrets.INVALID, "secrets must be an object.");
    }
    Map<String, JsonNode> changes = new LinkedHashMap<>();
    secrets.properties().forEach(entry -> changes.put(entry.getKey(), entry.getValue()));
    return Reply.ok(names(change(script, changes)));
  }

  private Script change(String script, Map<String, JsonNode> changes) {
    for (JsonNode change : changes.values()) {
      if (!change.isNull() && !Secrets.isSecret(change)) {
        throw ApiException.badRequest(Secrets.INVALID, "A secret has the type secret_text.");
      }
    }
    return publisher.amend(
        script,
        SecretsApi::checkDeployed,
        (latest, metadata) -> Secrets.patch(metadata, changes),
        "secret");
  }

  private static void checkDeployed(Script script) {
    if (!script.live().id().equals(script.latest().id())) {
      throw ApiException.badRequest(
          10215,
          "Secret edit failed. You attempted to modify a secret, but the latest version of your"
              + " Worker isn't currently deployed. Please ensure that the latest version of your"
              + " Worker is fully deployed before modifying secrets.");
    }
  }
}
