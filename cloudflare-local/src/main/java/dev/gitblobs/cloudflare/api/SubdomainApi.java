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
import java.util.function.UnaryOperator;

/** The workers.dev subdomain: of the account, and whether a script answers on it. */
final class SubdomainApi {
  private static final int INVALID = 10021;

  private final Account account;
  private final Scripts scripts;

  SubdomainApi(Account account, Scripts scripts) {
    this.account = account;
    this.scripts = scripts;
  }

  void register(Router router) {
    String path = ScriptsApi.ONE + "/subdomain";
    router
        .get("/accounts/{account}/workers/subdomain", call -> Reply.ok(ofAccount()))
        .get(path, call -> Reply.ok(view(ScriptsApi.find(account, call).subdomain())))
        .post(path, this::post)
        .delete(path, call -> set(call, before -> new Script.Subdomain(false, false)));
  }

  private ObjectNode ofAccount() {
    return Results.object().put("subdomain", account.identity().subdomain());
  }

  private Reply post(Call call) throws IOException {
    JsonNode body = call.object();
    return set(
        call,
        before ->
            new Script.Subdomain(
                flag(body, "enabled", before.enabled()),
                flag(body, "previews_enabled", before.previewsEnabled())));
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

  private Reply set(Call call, UnaryOperator<Script.Subdomain> change) {
    Script changed =
        scripts.change(
            call.path("script"), script -> script.withSubdomain(change.apply(script.subdomain())));
    return Reply.ok(view(changed.subdomain()));
  }

  private static ObjectNode view(Script.Subdomain subdomain) {
    return Results.object()
        .put("enabled", subdomain.enabled())
        .put("previews_enabled", subdomain.previewsEnabled());
  }
}
