package dev.gitblobs.infra.cloudflare;

import com.pulumi.core.TypeShape;
import com.pulumi.core.annotations.Import;
import com.pulumi.deployment.Deployment;
import com.pulumi.resources.InvokeArgs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Looks at the scripts that an account has at this moment. */
public final class LiveScripts {
  private LiveScripts() {}

  /**
   * The Durable Object migration tag of a script; empty when there is no such script, or none of
   * its migrations has run. A future and no output: its failure is to be told by who waits for it,
   * while that of an output reaches the operator as a stack trace.
   */
  public static CompletableFuture<Optional<String>> migrationTag(
      String accountId, String scriptName) {
    return Deployment.getInstance()
        .invokeAsync(
            "cloudflare:index/getWorkersScripts:getWorkersScripts",
            TypeShape.map(String.class, Object.class),
            new Args(accountId),
            CloudflarePlugin.lookUp())
        .thenApply(found -> tagOf(found.get("results"), scriptName));
  }

  private static Optional<String> tagOf(@Nullable Object results, String scriptName) {
    if (!(results instanceof List<?> scripts)) {
      return Optional.empty();
    }
    return scripts.stream()
        .filter(script -> script instanceof Map<?, ?> fields && scriptName.equals(fields.get("id")))
        .map(script -> ((Map<?, ?>) script).get("migrationTag"))
        .filter(tag -> tag instanceof String text && !text.isEmpty())
        .map(String.class::cast)
        .findFirst();
  }

  static final class Args extends InvokeArgs {
    @Import(name = "accountId", required = true)
    final String accountId;

    Args(String accountId) {
      this.accountId = accountId;
    }
  }
}
