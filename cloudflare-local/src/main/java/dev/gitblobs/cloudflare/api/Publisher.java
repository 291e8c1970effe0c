package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Deployment;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.account.Maps;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.account.Version;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.runtime.RuntimeFailure;
import dev.gitblobs.cloudflare.runtime.Startup;
import dev.gitblobs.cloudflare.runtime.WorkersRuntime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Makes versions and deploys them. A version is started aside before anything changes, and a call
 * returns only when the runtime runs what was deployed; when either fails, nothing has changed.
 */
final class Publisher {
  /** What belongs to the script and not to a version, though an upload may set it. */
  static final List<String> SCRIPT_SETTINGS =
      List.of("logpush", "observability", "tail_consumers", "tags");

  private static final List<String> NOT_KEPT =
      List.of("keep_bindings", "keep_assets", "migrations", "annotations");
  private static final int MAX_VERSIONS = 100;

  private final Account account;
  private final WorkersRuntime runtime;
  private final Quotas quotas;
  private final Plans plans;
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  Publisher(Account account, WorkersRuntime runtime, Quotas quotas) {
    this.account = account;
    this.runtime = runtime;
    this.quotas = quotas;
    this.plans = new Plans(account);
  }

  /** PUT of a script: applies its migrations, and deploys it to all requests. */
  Script deploy(String name, Upload upload) {
    synchronized (lockOf(name)) {
      return deployAlone(name, upload);
    }
  }

  private Script deployAlone(String name, Upload upload) {
    AccountState state = account.state();
    Optional<Script> before = state.script(name);
    if (before.isEmpty()) {
      quotas.checkScripts(state);
    }
    Script script = before.orElseGet(() -> newScript(name));
    DurableMigrations had = new DurableMigrations(script.migrationTag(), script.classes());
    DurableMigrations has = had.after(upload.metadata().path("migrations"));
    Script migrated = script.withClasses(has.tag(), has.classes());
    Version version = version(migrated, upload, "api", had);
    ObjectNode settings = Results.object();
    copy(upload.metadata(), settings, SCRIPT_SETTINGS);
    Script deployed = deployed(migrated.withSettings(settings), version, version.annotations());
    change(name, Optional.of(deployed));
    return deployed;
  }

  /** POST of a version: not deployed, and without migrations. */
  Version addVersion(Script seen, Upload upload) {
    if (upload.metadata().has("migrations")) {
      throw ApiException.badRequest(
          10211, "Migrations cannot be applied with a version upload: deploy the script instead.");
    }
    synchronized (lockOf(seen.name())) {
      Script script = current(seen);
      DurableMigrations has = new DurableMigrations(script.migrationTag(), script.classes());
      Version version = version(script, upload, "api", has);
      account.update(state -> state.with(withVersion(script, version)));
      return version;
    }
  }

  /** Deploys versions that are there. */
  Deployment deploy(String name, List<Deployment.Share> shares, Map<String, String> annotations) {
    synchronized (lockOf(name)) {
      Script script = account.state().script(name).orElseThrow();
      for (Deployment.Share share : shares) {
        new DurableMigrations(script.migrationTag(), script.classes())
            .checkExported(script.version(share.versionId()).namedHandlers(), script.classes());
      }
      Deployment deployment = deployment(shares, annotations);
      change(name, Optional.of(script.withDeployment(deployment)));
      return deployment;
    }
  }

  /** A version like the latest with other metadata, deployed in the latest one's place. */
  Script amend(Script seen, UnaryOperator<ObjectNode> amendment, String trigger) {
    synchronized (lockOf(seen.name())) {
      Script script = current(seen);
      Version version = amended(script, amendment, Map.of("workers/triggered_by", trigger));
      Script changed = deployed(script, version, version.annotations());
      change(script.name(), Optional.of(changed));
      return changed;
    }
  }

  /** A version like the latest with other metadata, not deployed. */
  Version addAmended(
      Script seen, UnaryOperator<ObjectNode> amendment, Map<String, String> annotations) {
    synchronized (lockOf(seen.name())) {
      Script script = current(seen);
      Version version = amended(script, amendment, annotations);
      account.update(state -> state.with(withVersion(script, version)));
      return version;
    }
  }

  private Version amended(
      Script script, UnaryOperator<ObjectNode> amendment, Map<String, String> annotations) {
    Version latest = script.latest();
    ObjectNode metadata = amendment.apply(latest.metadata().deepCopy());
    Bindings.check(
        metadata.withArray("bindings"), script.name(), script.classes(), account.state());
    return new Version(
        UUID.randomUUID().toString(),
        latest.number() + 1,
        account.now(),
        "api",
        annotations,
        metadata,
        latest.modules(),
        latest.handlers(),
        latest.namedHandlers(),
        latest.startupTimeMs());
  }

  /** Deletes a script with its Durable Objects. */
  void delete(String name) {
    synchronized (lockOf(name)) {
      change(name, Optional.empty());
    }
  }

  /** Makes a script's change durable and the runtime follow it; takes it back when that fails. */
  private void change(String name, Optional<Script> changed) {
    Optional<Script> before = account.state().script(name);
    account.update(state -> replaced(state, name, changed));
    try {
      runtime.apply();
    } catch (RuntimeFailure e) {
      account.update(state -> replaced(state, name, before));
      runtime.apply();
      throw didNotStart(e);
    }
  }

  private static AccountState replaced(AccountState state, String name, Optional<Script> script) {
    return script.map(state::with).orElseGet(() -> state.withoutScript(name));
  }

  /** The script as it is now that its lock is held. */
  private Script current(Script seen) {
    return account.state().script(seen.name()).orElse(seen);
  }

  /** Changes of one script come one after the other; scripts do not wait for each other. */
  private Object lockOf(String name) {
    return locks.computeIfAbsent(name, key -> new Object());
  }

  private Script newScript(String name) {
    Instant now = account.now();
    return new Script(
        name,
        Identity.hexId(),
        now,
        now,
        Ports.free(account.state()),
        null,
        Map.of(),
        Results.object(),
        List.of(),
        new Script.Subdomain(false, false),
        List.of(),
        List.of());
  }

  private Version version(Script script, Upload upload, String source, DurableMigrations had) {
    Optional<Version> before = script.versions().stream().findFirst();
    ObjectNode metadata = upload.metadata().deepCopy();
    metadata.set("bindings", Bindings.resolve(metadata, before));
    metadata.remove(NOT_KEPT);
    metadata.remove(SCRIPT_SETTINGS);
    Bindings.check(
        metadata.withArray("bindings"), script.name(), script.classes(), account.state());
    Version draft =
        new Version(
            UUID.randomUUID().toString(),
            before.map(Version::number).orElse(0) + 1,
            account.now(),
            source,
            annotations(upload.metadata()),
            metadata,
            modules(upload),
            List.of(),
            List.of(),
            0);
    Startup startup = startup(script, draft);
    new DurableMigrations(script.migrationTag(), script.classes())
        .checkExported(startup.exports(), had.classes());
    return draft.started(startup.handlers(), startup.exports(), startup.milliseconds());
  }

  private List<Version.Module> modules(Upload upload) {
    return upload.modules().stream()
        .map(
            part ->
                new Version.Module(
                    part.fileName(),
                    part.contentType(),
                    account.keepModule(part.bytes()),
                    part.bytes().length))
        .toList();
  }

  private Startup startup(Script script, Version version) {
    try {
      return runtime.probe(plans.alone(script, version));
    } catch (RuntimeFailure e) {
      throw didNotStart(e);
    }
  }

  private static ApiException didNotStart(RuntimeFailure failure) {
    ApiException refusal =
        ApiException.badRequest(10021, StartupErrors.explain(String.valueOf(failure.getMessage())));
    refusal.initCause(failure);
    return refusal;
  }

  static Map<String, String> annotations(JsonNode metadata) {
    Map<String, String> annotations = new HashMap<>();
    metadata
        .path("annotations")
        .properties()
        .forEach(entry -> annotations.put(entry.getKey(), entry.getValue().asText()));
    annotations.putIfAbsent("workers/triggered_by", "upload");
    return annotations;
  }

  private static Script withVersion(Script script, Version version) {
    return script.withVersions(version.createdOn(), newest(version, script), script.deployments());
  }

  private Script deployed(Script script, Version version, Map<String, String> annotations) {
    List<Deployment.Share> all = List.of(new Deployment.Share(version.id(), 100));
    return withVersion(script, version).withDeployment(deployment(all, annotations));
  }

  private Deployment deployment(List<Deployment.Share> shares, Map<String, String> annotations) {
    return new Deployment(UUID.randomUUID().toString(), account.now(), "api", shares, annotations);
  }

  /** Old versions are forgotten, but never one that answers requests. */
  private static List<Version> newest(Version version, Script script) {
    List<Version> versions = new ArrayList<>(Maps.prepended(version, script.versions()));
    for (int i = versions.size() - 1; i > 0 && versions.size() > MAX_VERSIONS; i--) {
      if (!script.isLive(versions.get(i).id())) {
        versions.remove(i);
      }
    }
    return versions;
  }

  static void copy(JsonNode from, ObjectNode to, List<String> fields) {
    for (String field : fields) {
      if (from.has(field)) {
        to.set(field, from.get(field));
      }
    }
  }
}
