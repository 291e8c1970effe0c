package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Faults;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.util.regex.PatternSyntaxException;

/** Calls that Cloudflare does not have: where a script listens, and errors on purpose. */
final class LocalApi {
  private static final int INVALID = 10000;

  private final Account account;
  private final Faults faults;
  private final CronTicker.Firing firing;

  LocalApi(Account account, Faults faults, CronTicker.Firing firing) {
    this.account = account;
    this.faults = faults;
    this.firing = firing;
  }

  void register(Router router) {
    router
        .get("/local/workers/{script}", this::worker)
        .post("/local/workers/{script}/scheduled", this::fire)
        .post("/local/faults", this::addFault)
        .delete("/local/faults", this::clearFaults);
  }

  private Reply worker(Call call) {
    Script script = ScriptsApi.find(account, call);
    return Reply.ok(
        Results.object()
            .put("name", script.name())
            .put("url", "http://127.0.0.1:" + script.port())
            .put("front_url", "http://127.0.0.1:" + account.identity().frontPort()));
  }

  /** Runs the scheduled handler now: {@code {cron}}. */
  private Reply fire(Call call) throws IOException {
    Script script = ScriptsApi.find(account, call);
    firing.fire(script.name(), Results.text(call.object(), "cron", INVALID), account.now());
    return Reply.none();
  }

  /** {@code {path, method?, status, code?, message?, times?}}; status 0 cuts the connection. */
  private Reply addFault(Call call) throws IOException {
    JsonNode body = call.object();
    String path = Results.text(body, "path", INVALID);
    try {
      java.util.regex.Pattern.compile(path);
    } catch (PatternSyntaxException e) {
      ApiException bad = ApiException.badRequest(INVALID, "path: " + e.getMessage());
      bad.initCause(e);
      throw bad;
    }
    int status = body.path("status").asInt(-1);
    if (status != 0 && (status < 400 || status > 599)) {
      throw ApiException.badRequest(INVALID, "status must be 0 or from 400 to 599.");
    }
    faults.add(
        new Faults.Fault(
            body.path("method").asText(""),
            path,
            status,
            body.path("code").asInt(10013),
            body.path("message").asText("An error injected for a test."),
            Math.max(1, body.path("times").asInt(1))));
    return Reply.none();
  }

  private Reply clearFaults(Call call) {
    faults.clear();
    return Reply.none();
  }
}
