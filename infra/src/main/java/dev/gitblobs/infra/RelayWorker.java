package dev.gitblobs.infra;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import dev.gitblobs.infra.cloudflare.WorkersCronTrigger;
import dev.gitblobs.infra.cloudflare.WorkersScript;
import dev.gitblobs.infra.cloudflare.WorkersScript.Migrations;
import dev.gitblobs.infra.cloudflare.WorkersScriptSubdomain;
import java.util.Map;
import java.util.Optional;

/** The Worker script with its bindings, its schedules and its workers.dev switch. */
final class RelayWorker extends ComponentResource {
  private final WorkersScript script;
  private final Output<Optional<Migrations>> pendingMigrations;

  RelayWorker(
      StackSettings settings,
      WorkerManifest manifest,
      WorkerBundle bundle,
      Output<String> databaseId,
      Output<Optional<Migrations>> pendingMigrations,
      ComponentResourceOptions options) {
    super("gitblobs:relay:RelayWorker", "worker", options);
    this.pendingMigrations = pendingMigrations;
    script =
        new WorkersScript(
            "script",
            scriptArgs(settings, manifest, bundle, databaseId, pendingMigrations),
            child().protect(settings.protect()));
    var account = settings.accountId();
    new WorkersScriptSubdomain(
        "workers-dev",
        new WorkersScriptSubdomain.Args(account, script.scriptName(), settings.workersDev()),
        child());
    new WorkersCronTrigger(
        "schedules",
        new WorkersCronTrigger.Args(account, script.scriptName(), manifest.crons()),
        child());
    registerOutputs(Map.of("scriptName", script.scriptName()));
  }

  /** The script's name, known once the script is there. */
  Output<String> scriptName() {
    return script.scriptName();
  }

  /**
   * The tag that this update brings the script's Durable Objects to; empty when they are there
   * already. After an update with a tag the next one still has to take the steps out of the state.
   */
  Output<String> durableObjectMigration() {
    return pendingMigrations.applyValue(pending -> pending.map(Migrations::newTag).orElse(""));
  }

  private CustomResourceOptions.Builder child() {
    return CustomResourceOptions.builder().parent(this);
  }

  private static WorkersScript.Args scriptArgs(
      StackSettings settings,
      WorkerManifest manifest,
      WorkerBundle bundle,
      Output<String> databaseId,
      Output<Optional<Migrations>> pendingMigrations) {
    var logs = settings.observability();
    return new WorkersScript.Args(
        settings.accountId(),
        settings.resourceName(),
        new WorkersScript.Code(
            manifest.mainModule(),
            bundle.path(),
            bundle.sha256(),
            manifest.compatibilityDate(),
            manifest.compatibilityFlags()),
        WorkerBindings.of(manifest, settings, databaseId),
        new WorkersScript.Observability(logs.invocationLogs()),
        logs.logpushDestination().isPresent(),
        pendingMigrations,
        bundle.gitCommit().map(WorkersScript.Annotations::new));
  }
}
