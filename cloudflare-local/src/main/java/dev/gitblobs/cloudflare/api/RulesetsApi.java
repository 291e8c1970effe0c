package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.util.Optional;

/** Rulesets of a zone: one entry point for each phase. Stored and told; they filter nothing. */
final class RulesetsApi {
  private static final String COLLECTION = "rulesets";
  private static final String ALL = "/zones/{zone}/rulesets";
  private static final String ONE = ALL + "/{ruleset}";
  private static final String ENTRYPOINT = ALL + "/phases/{phase}/entrypoint";
  private static final int INVALID = 20001;

  private final Account account;

  RulesetsApi(Account account) {
    this.account = account;
  }

  void register(Router router) {
    router
        .get(ALL, this::list)
        .post(ALL, this::create)
        .get(ONE, call -> Reply.ok(find(call)))
        .put(ONE, call -> update(call, find(call)))
        .delete(ONE, this::delete)
        .get(ENTRYPOINT, call -> Reply.ok(entrypoint(call.path("phase")).orElseThrow(this::none)))
        .put(ENTRYPOINT, this::putEntrypoint);
  }

  private Reply list(Call call) {
    ZonesApi.find(account, call);
    ArrayNode rulesets = Results.array();
    for (ObjectNode ruleset : account.state().documents(COLLECTION).values()) {
      rulesets.add(ruleset.deepCopy().without("rules"));
    }
    return Reply.ok(rulesets);
  }

  private Reply create(Call call) throws IOException {
    ObjectNode body = call.object();
    String phase = Results.text(body, "phase", INVALID);
    if (entrypoint(phase).isPresent()) {
      throw ApiException.badRequest(
          20217, "A similar configuration with rules already exists for phase " + phase + ".");
    }
    return save(body, Identity.hexId(), 1, account.state());
  }

  private Reply update(Call call, ObjectNode before) throws IOException {
    ObjectNode merged = before.deepCopy();
    merged.setAll(call.object());
    return save(
        merged, before.path("id").asText(), before.path("version").asInt() + 1, account.state());
  }

  private Reply putEntrypoint(Call call) throws IOException {
    Optional<ObjectNode> before = entrypoint(call.path("phase"));
    if (before.isPresent()) {
      return update(call, before.get());
    }
    ObjectNode body = call.object().put("phase", call.path("phase")).put("kind", "zone");
    return save(body, Identity.hexId(), 1, account.state());
  }

  /** Rules keep the id of the rule with the same ref; others get a new one. */
  private Reply save(ObjectNode ruleset, String id, int version, AccountState before) {
    String now = account.now().toString();
    JsonNode oldRules =
        Optional.ofNullable(before.documents(COLLECTION).get(id))
            .map(old -> old.path("rules"))
            .orElseGet(Results::array);
    for (JsonNode rule : ruleset.withArray("rules")) {
      ObjectNode changed = (ObjectNode) rule;
      String ruleId = changed.path("id").asText(idByRef(oldRules, changed.path("ref").asText()));
      changed.put("id", ruleId).put("version", Integer.toString(version));
      changed.put("last_updated", now);
      if (!changed.has("ref")) {
        changed.put("ref", ruleId);
      }
      if (!changed.has("enabled")) {
        changed.put("enabled", true);
      }
    }
    ruleset.put("id", id).put("version", Integer.toString(version)).put("last_updated", now);
    account.update(state -> state.withDocument(COLLECTION, id, ruleset));
    return Reply.ok(ruleset);
  }

  private static String idByRef(JsonNode rules, String ref) {
    for (JsonNode rule : rules) {
      if (!ref.isEmpty() && rule.path("ref").asText().equals(ref)) {
        return rule.path("id").asText();
      }
    }
    return Identity.hexId();
  }

  private Reply delete(Call call) {
    String id = find(call).path("id").asText();
    account.update(state -> state.withoutDocument(COLLECTION, id));
    return Reply.none();
  }

  private ObjectNode find(Call call) {
    ZonesApi.find(account, call);
    return Optional.ofNullable(account.state().documents(COLLECTION).get(call.path("ruleset")))
        .orElseThrow(this::none);
  }

  private Optional<ObjectNode> entrypoint(String phase) {
    return account.state().documents(COLLECTION).values().stream()
        .filter(ruleset -> ruleset.path("phase").asText().equals(phase))
        .findFirst();
  }

  private ApiException none() {
    return ApiException.notFound(10000, "There is no such ruleset.");
  }
}
