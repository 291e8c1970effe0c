package dev.gitblobs.infra;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import dev.gitblobs.infra.cloudflare.LogpushJob;
import dev.gitblobs.infra.cloudflare.NotificationPolicy;
import java.util.Map;

/**
 * Logs that leave Cloudflare and people who are told, both optional. What Cloudflare itself keeps
 * of the logs is a property of the script.
 */
final class RelayObservability extends ComponentResource {
  RelayObservability(StackSettings settings, ComponentResourceOptions options) {
    super("gitblobs:relay:RelayObservability", "observability", options);
    var account = settings.accountId();
    var name = settings.resourceName();
    var wanted = settings.observability();
    wanted
        .logpushDestination()
        .ifPresent(
            destination ->
                new LogpushJob(
                    "logpush",
                    new LogpushJob.Args(account, name, name, destination.output()),
                    child()));
    if (!wanted.notificationEmails().isEmpty()) {
      new NotificationPolicy(
          "alerts",
          new NotificationPolicy.Args(account, name, wanted.notificationEmails()),
          child());
    }
    registerOutputs(Map.of("invocationLogs", Output.of(wanted.invocationLogs())));
  }

  private CustomResourceOptions.Builder child() {
    return CustomResourceOptions.builder().parent(this);
  }
}
