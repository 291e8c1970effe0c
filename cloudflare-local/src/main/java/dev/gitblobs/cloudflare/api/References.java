package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Deployment;
import dev.gitblobs.cloudflare.account.Script;
import java.util.List;

/** Which scripts use another one, by a service binding or by its Durable Objects. */
final class References {
  private References() {}

  static List<String> to(Script script, AccountState state) {
    return state.scripts().values().stream()
        .filter(other -> !other.name().equals(script.name()))
        .filter(other -> uses(other, script.name()))
        .map(Script::name)
        .toList();
  }

  private static boolean uses(Script user, String script) {
    for (Deployment.Share share : user.deployments().get(0).versions()) {
      for (JsonNode binding : user.version(share.versionId()).metadata().path("bindings")) {
        if (script.equals(binding.path("service").asText(null))
            || script.equals(binding.path("script_name").asText(null))) {
          return true;
        }
      }
    }
    return false;
  }
}
