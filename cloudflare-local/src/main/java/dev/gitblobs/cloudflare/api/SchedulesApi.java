package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A script's cron triggers: read, and replaced as a whole. */
final class SchedulesApi {
  private static final int INVALID = 10100;

  private final Account account;
  private final Quotas quotas;

  SchedulesApi(Account account, Quotas quotas) {
    this.account = account;
    this.quotas = quotas;
  }

  void register(Router router) {
    String path = ScriptsApi.ONE + "/schedules";
    router.get(path, call -> Reply.ok(view(ScriptsApi.find(account, call)))).put(path, this::put);
  }

  private Reply put(Call call) throws IOException {
    Script script = ScriptsApi.find(account, call);
    JsonNode body = call.json();
    if (!body.isArray()) {
      throw ApiException.badRequest(INVALID, "The schedules must be a list.");
    }
    Instant now = account.now();
    List<Script.Schedule> schedules = new ArrayList<>();
    for (JsonNode item : body) {
      String cron = Results.text(item, "cron", INVALID);
      checkCron(cron);
      schedules.add(new Script.Schedule(cron, createdOn(script, cron, now), now));
    }
    Script changed = script.withSchedules(schedules);
    account.update(
        state -> {
          Script current = state.script(script.name()).orElse(script);
          AccountState after = state.with(current.withSchedules(schedules));
          quotas.checkCrons(after);
          return after;
        });
    return Reply.ok(view(changed));
  }

  private static void checkCron(String cron) {
    try {
      CronExpression.parse(cron);
    } catch (IllegalArgumentException e) {
      ApiException bad =
          ApiException.badRequest(INVALID, "invalid cron string: " + cron + ": " + e.getMessage());
      bad.initCause(e);
      throw bad;
    }
  }

  private static Instant createdOn(Script script, String cron, Instant now) {
    return script.schedules().stream()
        .filter(schedule -> schedule.cron().equals(cron))
        .map(Script.Schedule::createdOn)
        .findFirst()
        .orElse(now);
  }

  private static ObjectNode view(Script script) {
    ObjectNode view = Results.object();
    ArrayNode schedules = view.putArray("schedules");
    for (Script.Schedule schedule : script.schedules()) {
      schedules
          .addObject()
          .put("cron", schedule.cron())
          .put("created_on", schedule.createdOn().toString())
          .put("modified_on", schedule.modifiedOn().toString());
    }
    return view;
  }
}
