package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Deployment;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.account.Version;
import dev.gitblobs.cloudflare.runtime.RuntimePlan;
import dev.gitblobs.cloudflare.runtime.WorkerPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the runtime is to run: the live deployments of the account's scripts. */
public final class Plans {
  private final Account account;

  /** Plans for this account. */
  public Plans(Account account) {
    this.account = account;
  }

  /** Everything that has to run, as the account is now. */
  public RuntimePlan all() {
    AccountState state = account.state();
    return new RuntimePlan(
        state.scripts().values().stream().map(this::plan).toList(),
        account.identity().frontPort(),
        RoutePatterns.inOrder(state));
  }

  private WorkerPlan plan(Script script) {
    List<Deployment.Share> shares = new ArrayList<>(script.deployments().get(0).versions());
    shares.sort(Comparator.comparingDouble(Deployment.Share::percentage).reversed());
    return plan(
        script,
        shares.stream()
            .map(share -> version(script.version(share.versionId()), share.percentage()))
            .toList());
  }

  /** One version alone, deployed or not. */
  WorkerPlan alone(Script script, Version version) {
    return plan(script, List.of(version(version, 100)));
  }

  private static WorkerPlan plan(Script script, List<WorkerPlan.VersionPlan> versions) {
    Map<String, WorkerPlan.DurableClass> classes = new HashMap<>();
    script
        .classes()
        .forEach(
            (name, durable) ->
                classes.put(
                    name,
                    new WorkerPlan.DurableClass(
                        durable.namespaceId(), durable.storage().equals("sqlite"))));
    return new WorkerPlan(script.name(), script.port(), classes, versions);
  }

  private WorkerPlan.VersionPlan version(Version version, double percentage) {
    ObjectNode metadata = version.metadata();
    List<String> flags = new ArrayList<>();
    metadata.path("compatibility_flags").forEach(flag -> flags.add(flag.asText()));
    List<JsonNode> bindings = new ArrayList<>();
    metadata.path("bindings").forEach(bindings::add);
    return new WorkerPlan.VersionPlan(
        version.id(),
        percentage,
        // Cloudflare's date for uploads that name none.
        metadata.path("compatibility_date").asText("2021-11-02"),
        flags,
        version.mainModule(),
        version.modules().stream()
            .map(
                module ->
                    new WorkerPlan.Module(
                        module.name(),
                        module.contentType(),
                        account.modules().path(module.sha256())))
            .toList(),
        bindings,
        version.createdOn().toString(),
        version.annotations().getOrDefault("workers/tag", ""),
        !version.handlers().isEmpty());
  }
}
