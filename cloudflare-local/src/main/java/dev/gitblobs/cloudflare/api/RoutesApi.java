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
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Routes of a zone: which script answers for which pattern. */
final class RoutesApi {
  private static final String ALL = "/zones/{zone}/workers/routes";
  private static final String ONE = ALL + "/{route}";
  private static final int INVALID = 10022;

  private final Account account;
  private final Scripts scripts;

  RoutesApi(Account account, Scripts scripts) {
    this.account = account;
    this.scripts = scripts;
  }

  void register(Router router) {
    router
        .get(ALL, this::list)
        .post(ALL, call -> set(call, Identity.hexId(), state -> {}))
        .get(ONE, call -> Reply.ok(view(find(call))))
        .put(ONE, this::put)
        .delete(ONE, this::delete)
        .put(ScriptsApi.ONE + "/routes", this::putAll);
  }

  private Reply list(Call call) {
    Zone zone = ZonesApi.find(account, call);
    ArrayNode routes = Results.array();
    account.state().routes().values().stream()
        .filter(route -> route.zoneId().equals(zone.id()))
        .forEach(route -> routes.add(view(route)));
    return Results.page(call, routes);
  }

  private Reply put(Call call) throws IOException {
    String id = find(call).id();
    return set(call, id, state -> require(state, id));
  }

  private Reply set(Call call, String id, Consumer<AccountState> check) throws IOException {
    Zone zone = ZonesApi.find(account, call);
    JsonNode body = call.object();
    String pattern = Results.text(body, "pattern", INVALID);
    checkPattern(pattern, zone);
    Optional<String> script = Results.optionalText(body, "script", INVALID);
    Route route = new Route(id, zone.id(), pattern, script.orElse(null));
    change(
        state -> {
          check.accept(state);
          checkFree(state, route);
          script.ifPresent(name -> checkExists(state, name));
          return state.with(route);
        });
    return Reply.ok(view(route));
  }

  /** wrangler's call: adds the routes that are missing, as a list of patterns or objects. */
  private Reply putAll(Call call) throws IOException {
    String script = ScriptsApi.find(account, call).name();
    List<String> patterns = new ArrayList<>();
    for (JsonNode item : call.json()) {
      patterns.add(item.isTextual() ? item.asText() : Results.text(item, "pattern", INVALID));
    }
    AccountState changed =
        change(
            state -> {
              Scripts.require(state, script);
              AccountState after = state;
              for (String pattern : patterns) {
                after = after.with(route(after, pattern, script));
              }
              return after;
            });
    ArrayNode routes = Results.array();
    for (String pattern : patterns) {
      routes.add(view(route(changed, pattern, script)));
    }
    return Reply.ok(routes);
  }

  /** All or nothing; routes are put back when the runtime does not start with them. */
  private AccountState change(UnaryOperator<AccountState> change) {
    return scripts.follow(change, (before, now) -> now.withRoutes(before.routes()));
  }

  /** The route with this pattern, which is given to the script, or a new one. */
  private static Route route(AccountState state, String pattern, String script) {
    Zone zone =
        state.zones().values().stream()
            .filter(candidate -> isInZone(pattern, candidate))
            .findFirst()
            .orElseThrow(
                () -> ApiException.badRequest(INVALID, "No zone here holds " + pattern + "."));
    String id =
        state.routes().values().stream()
            .filter(route -> route.pattern().equals(pattern))
            .map(Route::id)
            .findFirst()
            .orElseGet(Identity::hexId);
    return new Route(id, zone.id(), pattern, script);
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
    change(
        state -> {
          require(state, route.id());
          return state.withoutRoute(route.id());
        });
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

  private static void require(AccountState state, String id) {
    if (!state.routes().containsKey(id)) {
      throw ApiException.notFound(10009, "No route with the id " + id + ".");
    }
  }

  private static ObjectNode view(Route route) {
    ObjectNode view = Results.object().put("id", route.id()).put("pattern", route.pattern());
    if (route.script() != null) {
      view.put("script", route.script());
    }
    return view;
  }
}
