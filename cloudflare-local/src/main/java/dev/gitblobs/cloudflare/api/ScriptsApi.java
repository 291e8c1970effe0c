package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.account.Version;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** Worker scripts: uploaded, listed, read back, deleted. */
final class ScriptsApi {
  static final String ALL = "/accounts/{account}/workers/scripts";
  static final String ONE = ALL + "/{script}";
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  private final Account account;
  private final Scripts scripts;
  private final Publisher publisher;
  private final TailsApi tails;

  ScriptsApi(Account account, Scripts scripts, Publisher publisher, TailsApi tails) {
    this.account = account;
    this.scripts = scripts;
    this.publisher = publisher;
    this.tails = tails;
  }

  void register(Router router) {
    router
        .get(ALL, this::list)
        .put(ONE, this::put)
        .get(ONE, call -> content(find(account, call).live()))
        .delete(ONE, this::delete)
        .get(ONE + "/content", call -> content(find(account, call).live()))
        .get(ONE + "/content/v2", call -> content(find(account, call).live()))
        .get("/accounts/{account}/workers/services/{script}", this::service)
        .delete("/accounts/{account}/workers/services/{script}", this::delete);
  }

  /** The script that the path names, or Cloudflare's error 10007. */
  static Script find(Account account, Call call) {
    return Scripts.require(account.state(), call.path("script"));
  }

  private Reply list(Call call) {
    List<ObjectNode> views =
        account.state().scripts().values().stream().map(ScriptViews::script).toList();
    return Results.page(call, views, Page.Rules.of(1000, 10_000));
  }

  private Reply service(Call call) {
    return account
        .state()
        .script(call.path("script"))
        .map(script -> Reply.ok(ScriptViews.service(script)))
        .orElseThrow(() -> ApiException.notFound(10090, "workers.api.error.service_not_found"));
  }

  private Reply put(Call call) throws IOException {
    String name = call.path("script");
    if (!NAME.matcher(name).matches()) {
      throw ApiException.badRequest(
          10016,
          "The script name "
              + name
              + " is invalid: up to 63 lowercase letters, digits, - and _, a letter or digit"
              + " first.");
    }
    return Reply.ok(ScriptViews.uploaded(publisher.deploy(name, Upload.of(call))));
  }

  private Reply delete(Call call) {
    boolean force = call.query("force").filter("true"::equals).isPresent();
    String name = call.path("script");
    return scripts.alone(
        name,
        () -> {
          publisher.delete(name, (state, script) -> checkUnused(state, script, force));
          tails.closeAll(name);
          return Reply.none();
        });
  }

  private static void checkUnused(AccountState state, Script script, boolean force) {
    List<String> users = References.to(script, state);
    if (!force && !users.isEmpty()) {
      throw ApiException.badRequest(
          10064,
          "Could not delete script "
              + script.name()
              + ": it is referenced by "
              + String.join(", ", users)
              + ".");
    }
  }

  /** The modules as multipart/form-data, the main one first, as Cloudflare tells them. */
  private Reply content(Version version) throws IOException {
    String boundary = UUID.randomUUID().toString();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Version.Module module : version.modules()) {
      String head =
          "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n"
              .formatted(boundary, module.name(), module.name(), module.contentType());
      body.write(head.getBytes(StandardCharsets.UTF_8));
      body.write(Files.readAllBytes(account.modules().path(module.sha256())));
      body.write("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    body.write(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return Reply.raw(
        "multipart/form-data; boundary=" + boundary,
        body.toByteArray(),
        Map.of("cf-entrypoint", version.mainModule(), "etag", ScriptViews.etag(version)));
  }
}
