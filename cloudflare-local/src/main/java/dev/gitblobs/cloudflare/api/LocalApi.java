package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Json;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Faults;
import dev.gitblobs.cloudflare.http.Journal;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import dev.gitblobs.cloudflare.runtime.D1Limits;
import dev.gitblobs.cloudflare.runtime.WorkersRuntime;
import java.io.IOException;
import java.util.regex.PatternSyntaxException;

/**
 * Calls that Cloudflare does not have: where a script listens, errors and quotas on purpose, and
 * what was called.
 */
final class LocalApi {
  private static final int INVALID = 10000;

  private final Account account;
  private final Faults faults;
  private final Journal journal;
  private final Quotas quotas;
  private final CronTicker.Firing firing;
  private final WorkersRuntime runtime;

  LocalApi(
      Account account,
      Faults faults,
      Journal journal,
      Quotas quotas,
      CronTicker.Firing firing,
      WorkersRuntime runtime) {
    this.account = account;
    this.faults = faults;
    this.journal = journal;
    this.quotas = quotas;
    this.firing = firing;
    this.runtime = runtime;
  }

  void register(Router router) {
    router
        .get("/local/workers/{script}", this::worker)
        .get("/local/workers/{script}/d1-queries", this::mostQueries)
        .post("/local/workers/{script}/scheduled", this::fire)
        .post("/local/faults", this::addFault)
        .delete("/local/faults", this::clearFaults)
        .put("/local/quotas", this::setQuotas)
        .get("/local/d1", call -> Reply.ok(Json.MAPPER.valueToTree(runtime.d1Limits())))
        .put("/local/d1", this::setD1)
        .get("/local/calls", this::calls)
        .delete("/local/calls", this::forgetCalls);
  }

  /** {@code {scripts?, databases?, crons?}}; what is not named is as in the paid plan. */
  private Reply setQuotas(Call call) throws IOException {
    quotas.set(call.object());
    return Reply.none();
  }

  /** Members of {@link D1Limits}; what is not named is as in production. */
  private Reply setD1(Call call) throws IOException {
    ObjectNode limits = Json.MAPPER.valueToTree(D1Limits.PRODUCTION);
    limits.setAll(call.object());
    try {
      runtime.limitD1(Json.MAPPER.treeToValue(limits, D1Limits.class));
    } catch (JsonProcessingException e) {
      ApiException bad = ApiException.badRequest(INVALID, e.getOriginalMessage());
      bad.initCause(e);
      throw bad;
    }
    return Reply.ok(limits);
  }

  private Reply calls(Call call) {
    ArrayNode calls = Results.array();
    for (Journal.Entry entry : journal.entries()) {
      calls
          .addObject()
          .put("method", entry.method())
          .put("path", entry.path())
          .put("status", entry.status());
    }
    return Reply.ok(calls);
  }

  private Reply forgetCalls(Call call) {
    journal.clear();
    return Reply.none();
  }

  private Reply worker(Call call) {
    Script script = ScriptsApi.find(account, call);
    return Reply.ok(
        Results.object()
            .put("name", script.name())
            .put("url", "http://127.0.0.1:" + script.port())
            .put("front_url", "http://127.0.0.1:" + account.identity().frontPort()));
  }

  private Reply mostQueries(Call call) {
    Script script = ScriptsApi.find(account, call);
    return Reply.ok(Results.object().put("most", runtime.mostQueries(script.name())));
  }

  /** Runs the scheduled handler now: {@code {cron}}. */
  private Reply fire(Call call) throws IOException {
    Script script = ScriptsApi.find(account, call);
    firing.fire(script.name(), Results.text(call.object(), "cron", INVALID), account.now());
    return Reply.none();
  }

  /**
   * {@code {path, method?, status, code?, message?, times?, after?}}; status 0 cuts the connection,
   * and with {@code after} the request takes effect all the same.
   */
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
            Math.max(1, body.path("times").asInt(1)),
            body.path("after").asBoolean(false)));
    return Reply.none();
  }

  private Reply clearFaults(Call call) {
    faults.clear();
    return Reply.none();
  }
}
