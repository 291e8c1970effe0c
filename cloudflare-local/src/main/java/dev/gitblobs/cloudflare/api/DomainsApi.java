package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.account.Zone;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Custom domains: a host name of a zone that a script answers for. */
final class DomainsApi {
  static final String COLLECTION = "domains";
  private static final String ALL = "/accounts/{account}/workers/domains";
  private static final String ONE = ALL + "/{domain}";
  private static final int INVALID = 100117;

  private final Account account;
  private final Scripts scripts;

  DomainsApi(Account account, Scripts scripts) {
    this.account = account;
    this.scripts = scripts;
  }

  void register(Router router) {
    router
        .get(ALL, this::list)
        .get(ALL + "/records", this::list)
        .get(ALL + "/records/{domain}", call -> Reply.ok(find(call)))
        .put(ALL, this::put)
        .get(ONE, call -> Reply.ok(find(call)))
        .delete(ONE, this::delete)
        .post(ScriptsApi.ONE + "/domains/changeset", this::changeset)
        .put(ScriptsApi.ONE + "/domains/records", this::putRecords);
  }

  private Reply list(Call call) {
    Optional<String> service = call.query("service");
    Optional<String> hostname = call.query("hostname");
    ArrayNode domains = Results.array();
    account.state().documents(COLLECTION).values().stream()
        .filter(domain -> service.map(domain.path("service").asText()::equals).orElse(true))
        .filter(domain -> hostname.map(domain.path("hostname").asText()::equals).orElse(true))
        .forEach(domains::add);
    return Results.page(call, domains);
  }

  private ObjectNode find(Call call) {
    return require(account.state(), call.path("domain"));
  }

  private static ObjectNode require(AccountState state, String id) {
    return Optional.ofNullable(state.documents(COLLECTION).get(id))
        .orElseThrow(() -> ApiException.notFound(100114, "There is no such custom domain."));
  }

  private Reply put(Call call) throws IOException {
    ObjectNode body = call.object();
    String service = Results.text(body, "service", INVALID);
    return Reply.ok(save(service, List.of(body), body, state -> {}).get(0));
  }

  private Reply delete(Call call) {
    String id = call.path("domain");
    change(
        state -> {
          require(state, id);
          return state.withoutDocument(COLLECTION, id);
        });
    return Reply.none();
  }

  /**
   * What {@link #putRecords} would do, as wrangler asks first. Nothing conflicts: there is no DNS
   * here that a domain could collide with.
   */
  private Reply changeset(Call call) throws IOException {
    String service = ScriptsApi.find(account, call).name();
    ObjectNode changes = Results.object();
    for (String kind : List.of("added", "removed", "updated", "conflicting")) {
      changes.putArray(kind);
    }
    Set<String> wanted = new HashSet<>();
    for (JsonNode origin : call.json()) {
      ObjectNode domain = domain(account.state(), origin, service);
      wanted.add(domain.path("id").asText());
      Optional<ObjectNode> known = byHostname(account.state(), domain.path("hostname").asText());
      known.ifPresent(before -> domain.put("modified", !isOf(service, before)));
      changes.withArray(known.isPresent() ? "updated" : "added").add(domain);
    }
    if (call.query("replace_state").filter("true"::equals).isPresent()) {
      unwanted(account.state(), service, wanted).forEach(changes.withArray("removed")::add);
    }
    return Reply.ok(changes);
  }

  /** {@code override_scope}: the script answers for no other domains from now on. */
  private Reply putRecords(Call call) throws IOException {
    String service = ScriptsApi.find(account, call).name();
    ObjectNode body = call.object();
    List<JsonNode> origins = new ArrayList<>();
    body.path("origins").forEach(origins::add);
    return Reply.ok(
        Results.array()
            .addAll(save(service, origins, body, state -> Scripts.require(state, service))));
  }

  private static List<ObjectNode> unwanted(AccountState state, String service, Set<String> wanted) {
    return state.documents(COLLECTION).values().stream()
        .filter(domain -> isOf(service, domain) && !wanted.contains(domain.path("id").asText()))
        .toList();
  }

  private static boolean isOf(String service, ObjectNode domain) {
    return domain.path("service").asText().equals(service);
  }

  /**
   * All or none: a domain is taken from another script only when the caller says so.
   *
   * <p>With {@code override_scope} the script answers for no other domains from now on.
   */
  private List<ObjectNode> save(
      String service,
      List<? extends JsonNode> origins,
      ObjectNode options,
      Consumer<AccountState> check) {
    boolean alone = options.path("override_scope").asBoolean();
    boolean mayTake = options.path("override_existing_origin").asBoolean();
    List<ObjectNode> saved = new ArrayList<>();
    change(
        state -> {
          check.accept(state);
          AccountState changed = state;
          Set<String> wanted = new HashSet<>();
          for (JsonNode origin : origins) {
            ObjectNode domain = domain(changed, origin, service);
            if (!mayTake) {
              checkFree(state, domain);
            }
            saved.add(domain);
            wanted.add(domain.path("id").asText());
            changed = changed.withDocument(COLLECTION, domain.path("id").asText(), domain);
          }
          return alone ? without(changed, unwanted(changed, service, wanted)) : changed;
        });
    return saved;
  }

  private static AccountState without(AccountState state, List<ObjectNode> domains) {
    AccountState changed = state;
    for (ObjectNode domain : domains) {
      changed = changed.withoutDocument(COLLECTION, domain.path("id").asText());
    }
    return changed;
  }

  /** Domains are put back when the runtime does not start with them. */
  private void change(UnaryOperator<AccountState> change) {
    scripts.follow(
        change, (before, now) -> now.withDocuments(COLLECTION, before.documents(COLLECTION)));
  }

  private static void checkFree(AccountState state, ObjectNode wanted) {
    String hostname = wanted.path("hostname").asText();
    byHostname(state, hostname)
        .filter(domain -> !isOf(wanted.path("service").asText(), domain))
        .ifPresent(
            taken -> {
              throw new ApiException(
                  409,
                  100116,
                  "Hostname '"
                      + hostname
                      + "' already in use by other custom domain. Either delete it, try a different"
                      + " hostname, or use the option 'override_existing_origin' to override.");
            });
  }

  private static ObjectNode domain(AccountState state, JsonNode body, String service) {
    String hostname = Results.text(body, "hostname", INVALID);
    if (state.script(service).isEmpty()) {
      throw ApiException.badRequest(10007, "There is no Worker " + service + ".");
    }
    Zone zone =
        state.zones().values().stream()
            .filter(z -> hostname.equals(z.name()) || hostname.endsWith("." + z.name()))
            .findFirst()
            .orElseThrow(
                () ->
                    ApiException.badRequest(
                        INVALID, "The host name " + hostname + " lies in no zone here."));
    ObjectNode domain = Results.object().put("hostname", hostname);
    Optional<ObjectNode> before = byHostname(state, hostname);
    // There are no certificates here, but every domain tells the id of one.
    for (String id : List.of("id", "cert_id")) {
      domain.put(id, before.map(known -> known.path(id).asText()).orElseGet(Identity::hexId));
    }
    domain.put("service", service);
    domain.put("environment", body.path("environment").asText("production"));
    return domain.put("zone_id", zone.id()).put("zone_name", zone.name());
  }

  private static Optional<ObjectNode> byHostname(AccountState state, String hostname) {
    return state.documents(COLLECTION).values().stream()
        .filter(domain -> domain.path("hostname").asText().equals(hostname))
        .findFirst();
  }
}
