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
import dev.gitblobs.cloudflare.runtime.WorkersRuntime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Custom domains: a host name of a zone that a script answers for. */
final class DomainsApi {
  static final String COLLECTION = "domains";
  private static final String ALL = "/accounts/{account}/workers/domains";
  private static final String ONE = ALL + "/{domain}";
  private static final int INVALID = 100117;

  private final Account account;
  private final WorkersRuntime runtime;

  DomainsApi(Account account, WorkersRuntime runtime) {
    this.account = account;
    this.runtime = runtime;
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
    return Reply.ok(domains);
  }

  private ObjectNode find(Call call) {
    ObjectNode domain = account.state().documents(COLLECTION).get(call.path("domain"));
    if (domain == null) {
      throw ApiException.notFound(100114, "There is no such custom domain.");
    }
    return domain;
  }

  private Reply put(Call call) throws IOException {
    ObjectNode body = call.object();
    ObjectNode domain = domain(body, Results.text(body, "service", INVALID));
    save(List.of(domain), body, Set.of());
    return Reply.ok(domain);
  }

  private Reply delete(Call call) {
    String id = find(call).path("id").asText();
    account.update(state -> state.withoutDocument(COLLECTION, id));
    runtime.apply();
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
      ObjectNode domain = domain(origin, service);
      wanted.add(domain.path("id").asText());
      Optional<ObjectNode> known = byHostname(account.state(), domain.path("hostname").asText());
      known.ifPresent(before -> domain.put("modified", !isOf(service, before)));
      changes.withArray(known.isPresent() ? "updated" : "added").add(domain);
    }
    if (call.query("replace_state").filter("true"::equals).isPresent()) {
      unwanted(service, wanted).forEach(changes.withArray("removed")::add);
    }
    return Reply.ok(changes);
  }

  /** {@code override_scope}: the script answers for no other domains from now on. */
  private Reply putRecords(Call call) throws IOException {
    String service = ScriptsApi.find(account, call).name();
    ObjectNode body = call.object();
    List<ObjectNode> domains = new ArrayList<>();
    Set<String> wanted = new HashSet<>();
    for (JsonNode origin : body.path("origins")) {
      ObjectNode domain = domain(origin, service);
      domains.add(domain);
      wanted.add(domain.path("id").asText());
    }
    Set<String> removed = new HashSet<>();
    if (body.path("override_scope").asBoolean()) {
      unwanted(service, wanted).forEach(domain -> removed.add(domain.path("id").asText()));
    }
    save(domains, body, removed);
    return Reply.ok(Results.array().addAll(domains));
  }

  private List<ObjectNode> unwanted(String service, Set<String> wanted) {
    return account.state().documents(COLLECTION).values().stream()
        .filter(domain -> isOf(service, domain) && !wanted.contains(domain.path("id").asText()))
        .toList();
  }

  private static boolean isOf(String service, ObjectNode domain) {
    return domain.path("service").asText().equals(service);
  }

  /** All or none: a domain is taken from another script only when the caller says so. */
  private void save(List<ObjectNode> domains, ObjectNode options, Set<String> removed) {
    boolean mayTake = options.path("override_existing_origin").asBoolean();
    account.update(
        state -> {
          AccountState changed = state;
          for (ObjectNode domain : domains) {
            if (!mayTake) {
              checkFree(state, domain);
            }
            changed = changed.withDocument(COLLECTION, domain.path("id").asText(), domain);
          }
          for (String id : removed) {
            changed = changed.withoutDocument(COLLECTION, id);
          }
          return changed;
        });
    runtime.apply();
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

  private ObjectNode domain(JsonNode body, String service) {
    AccountState state = account.state();
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
