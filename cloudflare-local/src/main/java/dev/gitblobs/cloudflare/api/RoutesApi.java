package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.account.Route;
import dev.gitblobs.cloudflare.account.Zone;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import dev.gitblobs.cloudflare.runtime.WorkersRuntime;
import java.io.IOException;
import java.util.Optional;

/** Routes of a zone: which script answers for which pattern. */
final class RoutesApi {
  private static final String ALL = "/zones/{zone}/workers/routes";
  private static final String ONE = ALL + "/{route}";
  private static final int INVALID = 10022;

  private final Account account;
  private final WorkersRuntime runtime;

  RoutesApi(Account account, WorkersRuntime runtime) {
    this.account = account;
    this.runtime = runtime;
  }

  void register(Router router) {
    router
        .get(ALL, this::list)
        .post(ALL, call -> set(call, Identity.hexId()))
        .get(ONE, call -> Reply.ok(view(find(call))))
        .put(ONE, call -> set(call, find(call).id()))
        .delete(ONE, this::delete)
        .put(ScriptsApi.ONE + "/routes", this::putAll);
  }

  private Reply list(Call call) {
    Zone zone = ZonesApi.find(account, call);
    ArrayNode routes = Results.array();
    account.state().routes().values().stream()
        .filter(route -> route.zoneId().equals(zone.id()))
        .forEach(route -> routes.add(view(route)));
    return Reply.ok(routes);
  }

  private Reply set(Call call, String id) throws IOException {
    Zone zone = ZonesApi.find(account, call);
    JsonNode body = call.object();
    String pattern = Results.text(body, "pattern", INVALID);
    checkPattern(pattern, zone);
    Optional<String> script = Results.optionalText(body, "script", INVALID);
    Route route = new Route(id, zone.id(), pattern, script.orElse(null));
    account.update(
        state -> {
          checkFree(state, route);
          script.ifPresent(name -> checkExists(state, name));
          return state.with(route);
        });
    runtime.apply();
    return Reply.ok(view(route));
  }

  /** wrangler's call: adds the routes that are missing, as a list of patterns or objects. */
  private Reply putAll(Call call) throws IOException {
    String script = ScriptsApi.find(account, call).name();
    ArrayNode routes = Results.array();
    for (JsonNode item : call.json()) {
      String pattern = item.isTextual() ? item.asText() : Results.text(item, "pattern", INVALID);
      routes.add(view(add(pattern, script)));
    }
    runtime.apply();
    return Reply.ok(routes);
  }

  private Route add(String pattern, String script) {
    Zone zone =
        account.state().zones().values().stream()
            .filter(candidate -> isInZone(pattern, candidate))
            .findFirst()
            .orElseThrow(
                () -> ApiException.badRequest(INVALID, "No zone here holds " + pattern + "."));
    String id =
        account.state().routes().values().stream()
            .filter(route -> route.pattern().equals(pattern))
            .map(Route::id)
            .findFirst()
            .orElseGet(Identity::hexId);
    Route route = new Route(id, zone.id(), pattern, script);
    account.update(state -> state.with(route));
    return route;
  }

  private static void checkPattern(String pattern, Zone zone) {
    if (!isInZone(pattern, zone)) {
      throw ApiException.badRequest(
          INVALID,
          "Invalid URL pattern "
              + pattern
              + ": its host must lie in the zone "
              + zone.name()
              + ", with a wildcard only at its start.");
    }
  }

  private static boolean isInZone(String pattern, Zone zone) {
    String host = pattern.replaceFirst("^https?://", "").replaceFirst("/.*", "");
    String name = host.replaceFirst("^\\*\\.?", "");
    return !name.contains("*") && (name.equals(zone.name()) || name.endsWith("." + zone.name()));
  }

  private static void checkFree(AccountState state, Route wanted) {
    boolean taken =
        state.routes().values().stream()
            .anyMatch(
                other ->
                    other.pattern().equals(wanted.pattern()) && !other.id().equals(wanted.id()));
    if (taken) {
      throw new ApiException(
          409, 10020, "A route with the same pattern already exists: " + wanted.pattern());
    }
  }

  private static void checkExists(AccountState state, String script) {
    if (state.script(script).isEmpty()) {
      throw ApiException.badRequest(
          10019, "The route points at script " + script + ", which does not exist.");
    }
  }

  private Reply delete(Call call) {
    Route route = find(call);
    account.update(state -> state.withoutRoute(route.id()));
    runtime.apply();
    return Reply.ok(Results.object().put("id", route.id()));
  }

  private Route find(Call call) {
    Zone zone = ZonesApi.find(account, call);
    Route route = account.state().routes().get(call.path("route"));
    if (route == null || !route.zoneId().equals(zone.id())) {
      throw ApiException.notFound(10009, "No route with the id " + call.path("route") + ".");
    }
    return route;
  }

  private static ObjectNode view(Route route) {
    ObjectNode view = Results.object().put("id", route.id()).put("pattern", route.pattern());
    if (route.script() != null) {
      view.put("script", route.script());
    }
    return view;
  }
}
