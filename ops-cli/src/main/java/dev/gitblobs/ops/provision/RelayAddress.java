package dev.gitblobs.ops.provision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.environment.Loopback;
import dev.gitblobs.ops.environment.Outputs;
import java.net.URI;
import java.util.Optional;

/** Where a relay is reached, as far as its stack's settings do not say. */
final class RelayAddress {
  private static final int NOT_FOUND = 404;

  private RelayAddress() {}

  /**
   * The address of what a stack made: a Cloudflare on this machine knows it; else the stack's own
   * host name counts, else the script's name under the account's workers.dev name.
   *
   * @return empty when nobody can reach it
   */
  static Optional<URI> find(Outputs outputs, ApiClient api) {
    try {
      return ask(outputs, api);
    } catch (ApiException e) {
      if (e.status() == NOT_FOUND) {
        return Optional.empty(); // the script is gone
      }
      throw e;
    }
  }

  private static Optional<URI> ask(Outputs outputs, ApiClient api) {
    if (Loopback.is(api.root())) {
      JsonNode worker = api.get("/local/workers/" + outputs.scriptName());
      return Optional.of(URI.create(worker.path("url").asText()));
    }
    return outputs.url() == null
        ? onWorkersDev(outputs, api)
        : Optional.of(URI.create(outputs.url()));
  }

  /** The script's workers.dev address, if it answers there. */
  static Optional<URI> onWorkersDev(Outputs outputs, ApiClient api) {
    String workers = "/accounts/" + outputs.accountId() + "/workers";
    JsonNode script = api.get(workers + "/scripts/" + outputs.scriptName() + "/subdomain");
    if (!script.path("enabled").asBoolean()) {
      return Optional.empty();
    }
    String account = api.get(workers + "/subdomain").path("subdomain").asText();
    return Optional.of(
        URI.create("https://" + outputs.scriptName() + "." + account + ".workers.dev"));
  }
}
