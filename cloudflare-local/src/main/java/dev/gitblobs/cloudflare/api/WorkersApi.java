package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What wrangler asks about a Worker beside its script: its newer form, and who refers to it. */
final class WorkersApi {
  private final Account account;

  WorkersApi(Account account) {
    this.account = account;
  }

  void register(Router router) {
    router
        .get("/accounts/{account}/workers/workers/{script}", this::get)
        .get("/accounts/{account}/workers/durable_objects/namespaces", this::namespaces)
        .get(ScriptsApi.ONE + "/references", this::references)
        .get(
            "/accounts/{account}/workers/tails/by-consumer/{script}",
            call -> Reply.ok(Results.array()));
  }

  private Reply get(Call call) {
    Script script = ScriptsApi.find(account, call);
    ObjectNode view = Results.object();
    view.put("id", script.tag()).put("name", script.name());
    view.put("created_on", script.createdOn().toString());
    view.put("updated_on", script.modifiedOn().toString());
    view.setAll(ScriptViews.scriptSettings(script));
    view.putObject("subdomain")
        .put("enabled", script.subdomain().enabled())
        .put("previews_enabled", script.subdomain().previewsEnabled());
    return Reply.ok(view);
  }

  /** The Durable Object classes of all scripts. */
  private Reply namespaces(Call call) {
    List<ObjectNode> views = new ArrayList<>();
    for (Script script : account.state().scripts().values()) {
      new TreeMap<>(script.classes())
          .forEach(
              (name, durable) ->
                  views.add(
                      Results.object()
                          .put("id", durable.namespaceId())
                          .put("name", script.name() + "_" + name)
                          .put("script", script.name())
                          .put("class", name)
                          .put("use_sqlite", durable.storage().equals("sqlite"))));
    }
    return Results.page(call, views, Page.Rules.of(20, 1000));
  }

  private Reply references(Call call) {
    Script script = ScriptsApi.find(account, call);
    ObjectNode view = Results.object();
    ObjectNode services = view.putObject("services");
    ArrayNode incoming = services.putArray("incoming");
    for (String user : References.to(script, account.state())) {
      incoming
          .addObject()
          .put("service", user)
          .put("environment", "production")
          .put("name", script.name());
    }
    services.putArray("outgoing");
    services.putArray("pages_function");
    view.putArray("durable_objects");
    view.putArray("dispatch_outbounds");
    return Reply.ok(view);
  }
}
