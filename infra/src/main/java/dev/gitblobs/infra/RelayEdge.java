package dev.gitblobs.infra;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import dev.gitblobs.infra.cloudflare.Ruleset;
import dev.gitblobs.infra.cloudflare.WorkersCustomDomain;
import dev.gitblobs.infra.cloudflare.WorkersRoute;
import dev.gitblobs.infra.cloudflare.ZoneSetting;
import java.util.Map;

/** The own host name: its way to the Worker, https alone, and a coarse limit before the Worker. */
final class RelayEdge extends ComponentResource {
  RelayEdge(
      StackSettings settings,
      StackSettings.Edge edge,
      Output<String> scriptName,
      ComponentResourceOptions options) {
    super("gitblobs:relay:RelayEdge", "edge", options);
    if (edge.customDomain()) {
      new WorkersCustomDomain(
          "domain",
          new WorkersCustomDomain.Args(
              settings.accountId(), edge.zoneId(), edge.hostname(), scriptName),
          child());
    } else {
      new WorkersRoute(
          "route",
          new WorkersRoute.Args(edge.zoneId(), edge.hostname() + "/*", scriptName),
          child());
    }
    if (edge.ownsZone()) {
      secureZone(settings, edge);
    }
    registerOutputs(Map.of("hostname", Output.of(edge.hostname())));
  }

  private void secureZone(StackSettings settings, StackSettings.Edge edge) {
    var zone = edge.zoneId();
    new ZoneSetting("https-only", ZoneSetting.Args.alwaysUseHttps(zone), child());
    new ZoneSetting("tls-floor", ZoneSetting.Args.tlsFloor(zone), child());
    new ZoneSetting(
        "hsts", ZoneSetting.Args.strictTransportSecurity(zone, edge.hstsMaxAgeSeconds()), child());
    new Ruleset(
        "rate-limit",
        new Ruleset.Args(
            zone,
            settings.resourceName(),
            new Ruleset.Rule(
                "gitblobs-relay-requests",
                "At most " + edge.requestsPerTenSeconds() + " requests in 10 s from one address",
                "(http.host eq \"" + edge.hostname() + "\")",
                edge.requestsPerTenSeconds())),
        child());
  }

  private CustomResourceOptions.Builder child() {
    return CustomResourceOptions.builder().parent(this);
  }
}
