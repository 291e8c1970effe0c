package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;

/** Further API tokens, with scopes. The value is told once; only its hash is kept. */
final class TokensApi {
  private static final String ALL = "/accounts/{account}/tokens";
  private static final String ONE = ALL + "/{token}";

  private final Account account;

  TokensApi(Account account) {
    this.account = account;
  }

  void register(Router router) {
    router
        .get(ALL, this::list)
        .get(ALL + "/permission_groups", call -> Results.page(call, groups()))
        .post(ALL, this::create)
        .get(ONE, call -> Reply.ok(view(find(call))))
        .delete(ONE, this::delete);
  }

  private Reply list(Call call) {
    ArrayNode tokens = Results.array();
    account
        .state()
        .documents(TokenScopes.COLLECTION)
        .values()
        .forEach(token -> tokens.add(view(token)));
    return Results.page(call, tokens, Page.Rules.ACCESS);
  }

  private static ArrayNode groups() {
    ArrayNode groups = Results.array();
    for (String name : TokenScopes.GROUPS) {
      groups.addObject().put("id", name).put("name", name);
    }
    return groups;
  }

  private Reply create(Call call) throws IOException {
    ObjectNode body = call.object();
    String name = Results.text(body, "name", 1001);
    for (JsonNode policy : body.path("policies")) {
      if (!(policy instanceof ObjectNode object)) {
        throw ApiException.badRequest(1001, "A policy must be an object.");
      }
      object.put("id", Identity.hexId());
      for (JsonNode group : policy.path("permission_groups")) {
        String wanted = group.path("id").asText(group.path("name").asText());
        if (!TokenScopes.GROUPS.contains(wanted)) {
          throw ApiException.badRequest(1001, "There is no permission group " + wanted + ".");
        }
      }
    }
    if (body.path("policies").isEmpty()) {
      throw ApiException.badRequest(1001, "A token needs at least one policy.");
    }
    String value = Identity.freshToken();
    String id = Identity.hexId();
    ObjectNode token = Results.object().put("id", id).put("name", name);
    token.put("status", "active").put("issued_on", account.now().toString());
    token.set("policies", body.path("policies"));
    token.put(TokenScopes.HASH, TokenScopes.hash(value));
    account.update(state -> state.withDocument(TokenScopes.COLLECTION, id, token));
    return Reply.ok(view(token).put("value", value));
  }

  private Reply delete(Call call) {
    String id = find(call).path("id").asText();
    account.update(state -> state.withoutDocument(TokenScopes.COLLECTION, id));
    return Reply.ok(Results.object().put("id", id));
  }

  private ObjectNode find(Call call) {
    ObjectNode token = account.state().documents(TokenScopes.COLLECTION).get(call.path("token"));
    if (token == null) {
      throw ApiException.notFound(1003, "There is no such token.");
    }
    return token;
  }

  private static ObjectNode view(ObjectNode token) {
    ObjectNode view = token.deepCopy();
    view.remove(TokenScopes.HASH);
    return view;
  }
}
