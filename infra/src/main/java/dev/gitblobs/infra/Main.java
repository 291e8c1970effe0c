package dev.gitblobs.infra;

import com.pulumi.Pulumi;
import java.nio.file.Path;
import java.util.logging.LogManager;

/** Entry point: the Pulumi engine starts it in the project's folder. */
public final class Main {
  private Main() {}

  /** Declares the stack that the engine asks for; takes no arguments. */
  public static void main(String[] args) {
    // The SDK writes what it tells the engine to standard error as well: once is enough.
    LogManager.getLogManager().reset();
    Pulumi.run(
        context -> {
          var environment = System.getenv();
          var project = Path.of("");
          var attached =
              environment.getOrDefault("PULUMI_DEBUG_PROVIDERS", "").contains("cloudflare:");
          RelayStack.declare(
              context,
              StackSettings.read(StackConfig.of(context.stackName(), environment)),
              WorkerManifest.read(project.resolve("worker/bindings.json")),
              WorkerBundle.read(project, attached));
        });
  }
}
