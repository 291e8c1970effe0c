package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.util.List;

/** Accounts, memberships, the user and the token: one of each. */
final class AccountsApi {
  private static final String CREATED = "2026-01-01T00:00:00Z";

  private final Account account;

  AccountsApi(Account account) {
    this.account = account;
  }

  void register(Router router) {
    router
        .get("/accounts", call -> Results.page(call, List.of(accountView()), Page.Rules.ACCESS))
        .get("/accounts/{account}", this::get)
        .get("/memberships", call -> Results.page(call, List.of(membership()), Page.Rules.ACCESS))
        .get("/user", call -> Reply.ok(user()))
        .get("/user/tokens/verify", call -> Reply.ok(token()))
        .get("/accounts/{account}/tokens/verify", call -> Reply.ok(token()));
  }

  private Reply get(Call call) {
    if (!call.path("account").equals(account.identity().accountId())) {
      throw ApiException.noRoute("/accounts/" + call.path("account"));
    }
    return Reply.ok(accountView());
  }

  private ObjectNode accountView() {
    Identity identity = account.identity();
    ObjectNode view = Results.object();
    view.put("id", identity.accountId()).put("name", identity.accountName());
    view.put("type", "standard").put("created_on", CREATED);
    view.putObject("settings").put("enforce_twofactor", false);
    return view;
  }

  private ObjectNode membership() {
    ObjectNode view = Results.object();
    view.put("id", account.identity().accountId()).put("status", "accepted");
    view.putArray("roles").add("Super Administrator - All Privileges");
    view.set("account", accountView());
    return view;
  }

  private static ObjectNode user() {
    ObjectNode view = Results.object();
    view.put("id", "00000000000000000000000000000001").put("email", "local@relay.test");
    view.put("suspended", false).put("created_on", CREATED).put("modified_on", CREATED);
    return view;
  }

  private static ObjectNode token() {
    return Results.object().put("id", "00000000000000000000000000000002").put("status", "active");
  }
}
