package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.account.Version;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Versions of a script: uploaded without deploying them, listed, and the latest amended. */
final class VersionsApi {
  private static final String ALL = ScriptsApi.ONE + "/versions";
  private final Account account;
  private final Publisher publisher;

  VersionsApi(Account account, Publisher publisher) {
    this.account = account;
    this.publisher = publisher;
  }

  void register(Router router) {
    router
        .get(ALL, this::list)
        .post(ALL, this::upload)
        .get(ALL + "/{version}", this::get)
        .patch("/accounts/{account}/workers/workers/{script}/versions/latest", this::patchLatest);
  }

  private Reply list(Call call) {
    Script script = ScriptsApi.find(account, call);
    List<ObjectNode> views = script.versions().stream().map(VersionViews::summary).toList();
    Page page = Page.of(call, views, Page.Rules.of(100, 1000));
    ObjectNode result = Results.object();
    result.set("items", page.items());
    return Reply.page(result, page.info());
  }

  private Reply get(Call call) {
    Script script = ScriptsApi.find(account, call);
    return Reply.ok(VersionViews.full(script, find(script, call.path("version"))));
  }

  static Version find(Script script, String id) {
    return script.versions().stream()
        .filter(version -> version.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> ApiException.notFound(10222, "There is no version " + id + " of this Worker."));
  }

  private Reply upload(Call call) throws IOException {
    Script script = ScriptsApi.find(account, call);
    Version version = publisher.addVersion(script.name(), Upload.of(call));
    return Reply.ok(VersionViews.full(script, version));
  }

  /** A merge patch of bindings makes a version that is not deployed. */
  private Reply patchLatest(Call call) throws IOException {
    Script script = ScriptsApi.find(account, call);
    ObjectNode patch = call.object();
    Map<String, JsonNode> changes = new LinkedHashMap<>();
    patch.path("env").properties().forEach(e -> changes.put(e.getKey(), e.getValue()));
    Map<String, String> annotations = Publisher.annotations(patch);
    annotations.put("workers/triggered_by", "secret");
    Version version =
        publisher.addAmended(
            script.name(), (latest, metadata) -> Secrets.patch(metadata, changes), annotations);
    return Reply.ok(VersionViews.full(script, version));
  }
}
