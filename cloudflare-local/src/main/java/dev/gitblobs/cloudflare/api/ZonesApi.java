package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Zone;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Zones, found by name or id, and their settings. */
final class ZonesApi {
  private static final String ONE = "/zones/{zone}";

  private final Account account;

  ZonesApi(Account account) {
    this.account = account;
  }

  void register(Router router) {
    router
        .get("/zones", this::list)
        .get(ONE, call -> Reply.ok(view(find(account, call))))
        .get(ONE + "/settings", this::settings)
        .get(ONE + "/settings/{setting}", this::setting)
        .patch(ONE + "/settings/{setting}", this::change);
  }

  static Zone find(Account account, Call call) {
    Zone zone = account.state().zones().get(call.path("zone"));
    if (zone == null) {
      throw ApiException.noRoute("/zones/" + call.path("zone"));
    }
    return zone;
  }

  private Reply list(Call call) {
    String wanted = call.query("name").orElse("");
    boolean ours =
        call.query("account.id").map(account.identity().accountId()::equals).orElse(true);
    List<ObjectNode> views =
        account.state().zones().values().stream()
            .filter(zone -> ours && (wanted.isEmpty() || zone.name().equals(wanted)))
            .map(this::view)
            .toList();
    return Results.page(call, views, Page.Rules.ACCESS);
  }

  private Reply settings(Call call) {
    Zone zone = find(account, call);
    var all = Results.array();
    ZoneSettings.defaults().keySet().forEach(id -> all.add(settingView(zone, id)));
    return Results.page(call, all);
  }

  private Reply setting(Call call) {
    return Reply.ok(settingView(find(account, call), known(call)));
  }

  private Reply change(Call call) throws IOException {
    Zone zone = find(account, call);
    String id = known(call);
    JsonNode value = call.object().path("value");
    ZoneSettings.check(id, value);
    // On the zone as it is then: settings are changed side by side, and none may be lost.
    account.update(
        state -> {
          Zone now = state.zones().getOrDefault(zone.id(), zone);
          return state.with(
              now.withSetting(
                  id, new Zone.Setting(merged(valueOf(now, id), value), account.now())));
        });
    return Reply.ok(settingView(find(account, call), id));
  }

  private static JsonNode valueOf(Zone zone, String id) {
    return Optional.ofNullable(zone.settings().get(id))
        .map(Zone.Setting::value)
        .orElseGet(() -> ZoneSettings.defaults().get(id));
  }

  /** The genuine provider sends only the members that changed. */
  private static JsonNode merged(JsonNode before, JsonNode sent) {
    if (!(before instanceof ObjectNode members) || !sent.isObject()) {
      return sent;
    }
    ObjectNode merged = Results.object();
    sent.properties()
        .forEach(
            member ->
                merged.set(
                    member.getKey(), merged(members.path(member.getKey()), member.getValue())));
    members.properties().forEach(member -> merged.putIfAbsent(member.getKey(), member.getValue()));
    return merged;
  }

  private static String known(Call call) {
    String id = call.path("setting");
    if (!ZoneSettings.defaults().containsKey(id)) {
      throw ApiException.badRequest(1006, "Unrecognized zone setting name: " + id);
    }
    return id;
  }

  private static ObjectNode settingView(Zone zone, String id) {
    Zone.Setting setting = zone.settings().get(id);
    ObjectNode view = Results.object().put("id", id);
    view.set("value", valueOf(zone, id));
    view.put("editable", true);
    view.put("modified_on", setting == null ? null : setting.modifiedOn().toString());
    return view;
  }

  private ObjectNode view(Zone zone) {
    ObjectNode view = Results.object();
    view.put("id", zone.id()).put("name", zone.name());
    view.put("status", "active").put("paused", false).put("type", "full");
    view.putArray("name_servers").add("local.ns.relay.test");
    view.put("created_on", zone.createdOn().toString());
    view.put("modified_on", zone.createdOn().toString());
    view.put("activated_on", zone.createdOn().toString());
    view.putObject("account")
        .put("id", account.identity().accountId())
        .put("name", account.identity().accountName());
    view.put("development_mode", 0).putNull("original_dnshost").putNull("original_registrar");
    view.putArray("original_name_servers");
    view.putObject("meta").put("step", 2).put("custom_certificate_quota", 0);
    view.putObject("owner").put("id", account.identity().accountId()).put("type", "user");
    view.putObject("plan").put("id", "local").put("name", "Enterprise Website");
    return view;
  }
}
