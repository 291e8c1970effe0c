package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Deployment;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.account.Maps;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.account.Version;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Part;
import dev.gitblobs.cloudflare.runtime.RuntimeFailure;
import dev.gitblobs.cloudflare.runtime.ScriptRunner;
import dev.gitblobs.cloudflare.runtime.Startup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Makes versions and deploys them. An upload is first started aside, with nothing held; then it is
 * applied onto the script as it is by then. A call returns only when the runtime runs what was
 * deployed; when either fails, nothing has changed.
 */
final class Publisher {
  /** What belongs to the script and not to a version, though an upload may set it. */
  static final List<String> SCRIPT_SETTINGS =
      List.of("logpush", "observability", "tail_consumers", "tags");

  private static final List<String> NOT_KEPT =
      List.of("keep_bindings", "keep_assets", "migrations", "annotations");
  private static final int MAX_VERSIONS = 100;

  private final Account account;
  private final ScriptRunner runner;
  private final Quotas quotas;
  private final Scripts scripts;
  private final Plans plans;

  Publisher(Account account, ScriptRunner runner, Scripts scripts, Quotas quotas) {
    this.account = account;
    this.runner = runner;
    this.scripts = scripts;
    this.quotas = quotas;
    this.plans = new Plans(account);
  }

  /** What an upload makes of a script, before it is known whether it starts. */
  private record Draft(DurableMigrations had, Script migrated, Version version) {
    /** Whether what was learned from starting the other one holds for this one. */
    boolean startsAs(Draft other) {
      return version.metadata().equals(other.version.metadata());
    }
  }

  /** PUT of a script: applies its migrations, and deploys it to all requests. */
  Script deploy(String name, Upload upload) {
    return withModules(
        upload,
        modules -> {
          UnaryOperator<Script> migrate = script -> migrated(script, upload);
          Draft probed = draft(account.state(), name, upload, modules, migrate);
          Startup seen = startup(probed);
          return scripts.alone(
              name,
              () -> {
                // Onto what is there now: while the upload was started aside, others may have
                // changed its schedules, settings, secrets or versions.
                Draft draft = draft(account.state(), name, upload, modules, migrate);
                Version version = started(draft, draft.startsAs(probed) ? seen : startup(draft));
                return publish(name, state -> deployed(state, draft, version, upload));
              });
        });
  }

  private Script migrated(Script script, Upload upload) {
    DurableMigrations had = new DurableMigrations(script.migrationTag(), script.classes());
    DurableMigrations has = had.after(upload.metadata().path("migrations"));
    return script.withClasses(has.tag(), has.classes());
  }

  private AccountState deployed(AccountState state, Draft draft, Version version, Upload upload) {
    Script script = draft.migrated();
    if (state.script(script.name()).isEmpty()) {
      quotas.checkScripts(state);
      script = script.withPort(Ports.free(state));
    }
    Bindings.check(bindings(version), script.name(), script.classes(), state);
    ObjectNode settings = Results.object();
    copy(upload.metadata(), settings, SCRIPT_SETTINGS);
    return state.with(deployed(script.withSettings(settings), version, version.annotations()));
  }

  /** POST of a version: not deployed, and without migrations. */
  Version addVersion(String name, Upload upload) {
    if (upload.metadata().has("migrations")) {
      throw ApiException.badRequest(
          10211, "Migrations cannot be applied with a version upload: deploy the script instead.");
    }
    return withModules(
        upload,
        modules -> {
          Scripts.require(account.state(), name);
          Draft probed = draft(account.state(), name, upload, modules, script -> script);
          Startup seen = startup(probed);
          return scripts.alone(
              name,
              () -> {
                Scripts.require(account.state(), name);
                Draft draft = draft(account.state(), name, upload, modules, script -> script);
                Version version = started(draft, draft.startsAs(probed) ? seen : startup(draft));
                account.update(state -> added(state, name, version));
                return version;
              });
        });
  }

  private static AccountState added(AccountState state, String name, Version version) {
    Script script = Scripts.require(state, name);
    Bindings.check(bindings(version), name, script.classes(), state);
    return state.with(withVersion(script, version));
  }

  /**
   * Deploys versions that are there.
   *
   * @param shares chosen from the script as it is then
   */
  Deployment deploy(
      String name,
      Function<Script, List<Deployment.Share>> shares,
      Map<String, String> annotations) {
    Script changed =
        publish(
            name,
            state -> {
              Script script = Scripts.require(state, name);
              List<Deployment.Share> chosen = shares.apply(script);
              for (Deployment.Share share : chosen) {
                new DurableMigrations(script.migrationTag(), script.classes())
                    .checkExported(
                        script.version(share.versionId()).namedHandlers(), script.classes());
              }
              return state.with(script.withDeployment(deployment(chosen, annotations)));
            });
    return changed.deployments().get(0);
  }

  /**
   * A version like the latest with other metadata, deployed in the latest one's place.
   *
   * @param check throws when the script as it is then may not be amended
   */
  Script amend(String name, Consumer<Script> check, Amendment amendment, String trigger) {
    return publish(
        name,
        state -> {
          Script script = Scripts.require(state, name);
          check.accept(script);
          Version version =
              amended(state, script, amendment, Map.of("workers/triggered_by", trigger));
          return state.with(deployed(script, version, version.annotations()));
        });
  }

  /** A version like the latest with other metadata, not deployed. */
  Version addAmended(String name, Amendment amendment, Map<String, String> annotations) {
    return scripts
        .change(
            name,
            script -> withVersion(script, amended(account.state(), script, amendment, annotations)))
        .latest();
  }

  /** What becomes of a version's metadata; may change and return the copy it is given. */
  interface Amendment {
    ObjectNode of(Version latest, ObjectNode metadata);
  }

  private Version amended(
      AccountState state, Script script, Amendment amendment, Map<String, String> annotations) {
    Version latest = script.latest();
    ObjectNode metadata = amendment.of(latest, latest.metadata().deepCopy());
    Bindings.check(metadata.withArray("bindings"), script.name(), script.classes(), state);
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

  /**
   * Deletes a script with its Durable Objects.
   *
   * @param check throws when the script may not be deleted
   */
  void delete(String name, BiConsumer<AccountState, Script> check) {
    asRefusal(
        () ->
            scripts.publish(
                name,
                state -> {
                  check.accept(state, Scripts.require(state, name));
                  return state.withoutScript(name);
                }));
  }

  private Script publish(String name, UnaryOperator<AccountState> change) {
    return Scripts.require(asRefusal(() -> scripts.publish(name, change)), name);
  }

  private static <T> T asRefusal(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeFailure e) {
      throw didNotStart(e);
    }
  }

  private Script newScript(String name) {
    Instant now = account.now();
    return new Script(
        name,
        Identity.hexId(),
        now,
        now,
        0,
        null,
        Map.of(),
        Results.object(),
        List.of(),
        new Script.Subdomain(false, false),
        List.of(),
        List.of());
  }

  private Draft draft(
      AccountState state,
      String name,
      Upload upload,
      List<Version.Module> modules,
      UnaryOperator<Script> migrate) {
    Optional<Script> found = state.script(name);
    if (found.isEmpty()) {
      quotas.checkScripts(state);
    }
    Script script = found.orElseGet(() -> newScript(name));
    Script migrated = migrate.apply(script);
    Optional<Version> before = script.versions().stream().findFirst();
    ObjectNode metadata = upload.metadata().deepCopy();
    metadata.set("bindings", Bindings.resolve(metadata, before));
    metadata.remove(NOT_KEPT);
    metadata.remove(SCRIPT_SETTINGS);
    Bindings.check(metadata.withArray("bindings"), name, migrated.classes(), state);
    Version version =
        new Version(
            UUID.randomUUID().toString(),
            before.map(Version::number).orElse(0) + 1,
            account.now(),
            "api",
            annotations(upload.metadata()),
            metadata,
            modules,
            List.of(),
            List.of(),
            0);
    return new Draft(
        new DurableMigrations(script.migrationTag(), script.classes()), migrated, version);
  }

  private static ArrayNode bindings(Version version) {
    return version.metadata().withArray("bindings");
  }

  private static Version started(Draft draft, Startup startup) {
    Script script = draft.migrated();
    new DurableMigrations(script.migrationTag(), script.classes())
        .checkExported(startup.exports(), draft.had().classes());
    return draft.version().started(startup.handlers(), startup.exports(), startup.milliseconds());
  }

  /** Keeps the upload's modules while {@code work} makes them part of a version. */
  private <T> T withModules(Upload upload, Function<List<Version.Module>, T> work) {
    List<Version.Module> modules = new ArrayList<>();
    try {
      for (Part part : upload.modules()) {
        String hash = account.modules().hold(part.bytes());
        modules.add(
            new Version.Module(part.fileName(), part.contentType(), hash, part.bytes().length));
      }
      return work.apply(modules);
    } finally {
      account.modules().release(modules);
    }
  }

  private Startup startup(Draft draft) {
    return asRefusal(() -> runner.probe(plans.alone(draft.migrated(), draft.version())));
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
