package dev.gitblobs.infra;

import com.pulumi.Context;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import dev.gitblobs.infra.cloudflare.LiveScripts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One environment of the relay, whole. */
final class RelayStack extends ComponentResource {
  private final RelayDatabase database;
  private final RelayWorker worker;

  private RelayStack(StackSettings settings, WorkerManifest manifest, WorkerBundle bundle) {
    super("gitblobs:relay:RelayStack", "relay");
    // Asked first: the answer arrives while the database is being declared.
    var liveTag = LiveScripts.migrationTag(settings.accountId(), settings.resourceName());
    var child = ComponentResourceOptions.builder().parent(this).build();
    database = new RelayDatabase(settings, child);
    var pendingMigrations =
        Output.of(DurableObjectMigrations.pending(manifest.migrations(), answer(liveTag)));
    worker = new RelayWorker(settings, manifest, bundle, database.id(), pendingMigrations, child);
    settings.edge().ifPresent(edge -> new RelayEdge(settings, edge, worker.scriptName(), child));
    new RelayObservability(settings, child);
    registerOutputs(Map.of("scriptName", worker.scriptName(), "databaseId", database.id()));
  }

  private static Optional<String> answer(CompletableFuture<Optional<String>> liveTag) {
    try {
      return liveTag.join();
    } catch (CompletionException e) {
      var reason = e.getCause() == null ? e : e.getCause();
      var problem =
          new SettingsException(
              "Cloudflare did not tell which scripts there are: " + reason.getMessage(), List.of());
      problem.addSuppressed(e);
      throw problem;
    }
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
