package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;

/** The workers.dev subdomain: of the account, and whether a script answers on it. */
final class SubdomainApi {
  private static final int INVALID = 10021;

  private final Account account;

  SubdomainApi(Account account) {
    this.account = account;
  }

  void register(Router router) {
    String path = ScriptsApi.ONE + "/subdomain";
    router
        .get("/accounts/{account}/workers/subdomain", call -> Reply.ok(ofAccount()))
        .get(path, call -> Reply.ok(view(ScriptsApi.find(account, call).subdomain())))
        .post(path, this::post)
        .delete(path, call -> set(call, new Script.Subdomain(false, false)));
  }

  private ObjectNode ofAccount() {
    return Results.object().put("subdomain", account.identity().subdomain());
  }

  private Reply post(Call call) throws IOException {
    Script.Subdomain before = ScriptsApi.find(account, call).subdomain();
    JsonNode body = call.object();
    boolean enabled = flag(body, "enabled", before.enabled());
    return set(
        call,
        new Script.Subdomain(enabled, flag(body, "previews_enabled", before.previewsEnabled())));
  }

  private static boolean flag(JsonNode body, String field, boolean otherwise) {
    JsonNode value = body.path(field);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw ApiException.badRequest(INVALID, field + " must be true or false.");
    }
    return value.asBoolean();
  }

  private Reply set(Call call, Script.Subdomain subdomain) {
    Script script = ScriptsApi.find(account, call);
    account.update(
        state -> state.with(state.script(script.name()).orElse(script).withSubdomain(subdomain)));
    return Reply.ok(view(subdomain));
  }

  private static ObjectNode view(Script.Subdomain subdomain) {
    return Results.object()
        .put("enabled", subdomain.enabled())
        .put("previews_enabled", subdomain.previewsEnabled());
  }
}
