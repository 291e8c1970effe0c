package dev.gitblobs.infra;

import com.pulumi.Context;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import dev.gitblobs.infra.cloudflare.LiveScripts;
import java.util.Map;

/** One environment of the relay, whole. */
final class RelayStack extends ComponentResource {
  private final RelayDatabase database;
  private final RelayWorker worker;

  private RelayStack(StackSettings settings, WorkerManifest manifest, WorkerBundle bundle) {
    super("gitblobs:relay:RelayStack", "relay");
    // Asked first: the answer arrives while the database is being declared.
    var pendingMigrations =
        LiveScripts.migrationTag(settings.accountId(), settings.resourceName())
            .applyValue(tag -> DurableObjectMigrations.pending(manifest.migrations(), tag));
    var child = ComponentResourceOptions.builder().parent(this).build();
    database = new RelayDatabase(settings, child);
    worker = new RelayWorker(settings, manifest, bundle, database.id(), pendingMigrations, child);
    settings.edge().ifPresent(edge -> new RelayEdge(settings, edge, worker.scriptName(), child));
    new RelayObservability(settings, child);
    registerOutputs(Map.of("scriptName", worker.scriptName(), "databaseId", database.id()));
  }

  /** Declares the environment and exports what the operator's tools read. */
  static void declare(
      Context context, StackSettings settings, WorkerManifest manifest, WorkerBundle bundle) {
    Policies.enforce(settings, manifest);
    var stack = new RelayStack(settings, manifest, bundle);
    context.export("accountId", Output.of(settings.accountId()));
    context.export("environment", Output.of(settings.environment()));
    context.export("scriptName", stack.worker.scriptName());
    context.export("databaseId", stack.database.id());
    context.export("databaseName", Output.of(settings.resourceName()));
    context.export("durableObjectMigration", stack.worker.durableObjectMigration());
    settings.url().ifPresent(url -> context.export("url", Output.of(url)));
  }
}
