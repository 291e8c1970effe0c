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
import java.util.List;
import java.util.Optional;

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
    String service = Results.text(body, "service", INVALID);
    ObjectNode domain = domain(body, service);
    save(List.of(domain));
    return Reply.ok(domain);
  }

  private Reply delete(Call call) {
    String id = find(call).path("id").asText();
    account.update(state -> state.withoutDocument(COLLECTION, id));
    runtime.apply();
    return Reply.none();
  }

  /** What {@link #putRecords} would do, as wrangler asks first. */
  private Reply changeset(Call call) throws IOException {
    String service = ScriptsApi.find(account, call).name();
    ObjectNode changes = Results.object();
    for (String kind : List.of("added", "removed", "updated", "conflicting")) {
      changes.putArray(kind);
    }
    for (JsonNode origin : call.json()) {
      ObjectNode domain = domain(origin, service);
      boolean known = byHostname(account.state(), domain.path("hostname").asText()).isPresent();
      domain.put("modified", known);
      changes.withArray(known ? "updated" : "added").add(domain);
    }
    return Reply.ok(changes);
  }

  private Reply putRecords(Call call) throws IOException {
    String service = ScriptsApi.find(account, call).name();
    ArrayNode domains = Results.array();
    for (JsonNode origin : call.object().path("origins")) {
      domains.add(domain(origin, service));
    }
    List<ObjectNode> all = domains.valueStream().map(ObjectNode.class::cast).toList();
    save(all);
    return Reply.ok(domains);
  }

  private void save(List<ObjectNode> domains) {
    for (ObjectNode domain : domains) {
      account.update(state -> state.withDocument(COLLECTION, domain.path("id").asText(), domain));
    }
    runtime.apply();
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
    String id =
        byHostname(state, hostname)
            .map(domain -> domain.path("id").asText())
            .orElseGet(Identity::hexId);
    ObjectNode domain = Results.object().put("id", id).put("hostname", hostname);
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
