package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** A script's cron triggers: read, and replaced as a whole. */
final class SchedulesApi {
  private static final int INVALID = 10100;

  private final Account account;
  private final Scripts scripts;
  private final Quotas quotas;

  SchedulesApi(Account account, Scripts scripts, Quotas quotas) {
    this.account = account;
    this.scripts = scripts;
    this.quotas = quotas;
  }

  void register(Router router) {
    String path = ScriptsApi.ONE + "/schedules";
    router.get(path, call -> Reply.ok(view(ScriptsApi.find(account, call)))).put(path, this::put);
  }

  private Reply put(Call call) throws IOException {
    String name = ScriptsApi.find(account, call).name();
    JsonNode body = call.json();
    if (!body.isArray()) {
      throw ApiException.badRequest(INVALID, "The schedules must be a list.");
    }
    Set<String> crons = new LinkedHashSet<>();
    for (JsonNode item : body) {
      String cron = Results.text(item, "cron", INVALID);
      checkCron(cron);
      crons.add(cron);
    }
    Instant now = account.now();
    Script changed =
        scripts.change(
            name,
            script ->
                script.withSchedules(
                    crons.stream()
                        .map(cron -> new Script.Schedule(cron, createdOn(script, cron, now), now))
                        .toList()),
            quotas::checkCrons);
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
