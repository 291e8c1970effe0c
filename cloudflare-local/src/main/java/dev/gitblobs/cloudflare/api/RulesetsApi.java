package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
        .get(ONE, this::get)
        .put(ONE, this::put)
        .delete(ONE, this::delete)
        .get(ENTRYPOINT, this::getEntrypoint)
        .put(ENTRYPOINT, this::putEntrypoint);
  }

  private Reply list(Call call) {
    ZonesApi.find(account, call);
    List<ObjectNode> rulesets = new ArrayList<>();
    for (ObjectNode ruleset : account.state().documents(COLLECTION).values()) {
      rulesets.add(ruleset.deepCopy().without("rules"));
    }
    return Page.byCursor(call, rulesets, Page.Rules.of(50, 1000)).reply();
  }

  private Reply create(Call call) throws IOException {
    ObjectNode body = call.object();
    String phase = Results.text(body, "phase", INVALID);
    String id = Identity.hexId();
    return save(
        id,
        state -> {
          if (entrypoint(state, phase).isPresent()) {
            throw ApiException.badRequest(
                20217,
                "A similar configuration with rules already exists for phase " + phase + ".");
          }
          return numbered(body, id, 1, Results.array());
        });
  }

  private Reply put(Call call) throws IOException {
    ZonesApi.find(account, call);
    ObjectNode body = call.object();
    String id = call.path("ruleset");
    return save(id, state -> merged(require(state, id), body));
  }

  private ObjectNode merged(ObjectNode before, ObjectNode body) {
    ObjectNode merged = before.deepCopy();
    merged.setAll(body);
    int version = before.path("version").asInt() + 1;
    return numbered(merged, before.path("id").asText(), version, before.path("rules"));
  }

  private Reply putEntrypoint(Call call) throws IOException {
    ZonesApi.find(account, call);
    ObjectNode body = call.object().put("phase", call.path("phase")).put("kind", "zone");
    String fresh = Identity.hexId();
    ObjectNode[] saved = new ObjectNode[1];
    account.update(
        state -> {
          saved[0] =
              entrypoint(state, call.path("phase"))
                  .map(before -> merged(before, body))
                  .orElseGet(() -> numbered(body, fresh, 1, Results.array()));
          return state.withDocument(COLLECTION, saved[0].path("id").asText(), saved[0]);
        });
    return Reply.ok(saved[0]);
  }

  private Reply save(String id, Function<AccountState, ObjectNode> change) {
    AccountState changed =
        account.update(state -> state.withDocument(COLLECTION, id, change.apply(state)));
    return Reply.ok(require(changed, id));
  }

  /** Rules keep the id of the rule with the same ref; others get a new one. */
  private ObjectNode numbered(ObjectNode ruleset, String id, int version, JsonNode oldRules) {
    String now = account.now().toString();
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
    return ruleset.put("id", id).put("version", Integer.toString(version)).put("last_updated", now);
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
    ZonesApi.find(account, call);
    account.update(
        state -> {
          require(state, call.path("ruleset"));
          return state.withoutDocument(COLLECTION, call.path("ruleset"));
        });
    return Reply.none();
  }

  private Reply get(Call call) {
    ZonesApi.find(account, call);
    return Reply.ok(require(account.state(), call.path("ruleset")));
  }

  private Reply getEntrypoint(Call call) {
    ZonesApi.find(account, call);
    return Reply.ok(entrypoint(account.state(), call.path("phase")).orElseThrow(RulesetsApi::none));
  }

  private static ObjectNode require(AccountState state, String id) {
    return Optional.ofNullable(state.documents(COLLECTION).get(id)).orElseThrow(RulesetsApi::none);
  }

  private static Optional<ObjectNode> entrypoint(AccountState state, String phase) {
    return state.documents(COLLECTION).values().stream()
        .filter(ruleset -> ruleset.path("phase").asText().equals(phase))
        .findFirst();
  }

  private static ApiException none() {
    return ApiException.notFound(10000, "There is no such ruleset.");
  }
}
