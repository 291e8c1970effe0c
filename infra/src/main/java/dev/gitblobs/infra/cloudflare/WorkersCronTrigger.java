package dev.gitblobs.infra.cloudflare;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;
import java.util.List;

/** The times at which Cloudflare calls a script's scheduled handler. */
public final class WorkersCronTrigger extends CustomResource {
  /** Registers the schedules under the logical name {@code name}. */
  public WorkersCronTrigger(String name, Args args, CustomResourceOptions.Builder options) {
    super(
        "cloudflare:index/workersCronTrigger:WorkersCronTrigger",
        name,
        args,
        CloudflarePlugin.pin(options));
  }

  /** All schedules of one script. */
  public static final class Args extends ResourceArgs {
    @Import(name = "accountId", required = true)
    final String accountId;

    @Import(name = "scriptName", required = true)
    final Output<String> scriptName;

    @Import(name = "schedules", required = true)
    final List<Schedule> schedules;

    /** Calls {@code scriptName} at the times of {@code crons}, in UTC. */
    public Args(String accountId, Output<String> scriptName, List<String> crons) {
      this.accountId = accountId;
      this.scriptName = scriptName;
      this.schedules = crons.stream().map(Schedule::new).toList();
    }
  }

  static final class Schedule extends ResourceArgs {
    @Import(name = "cron", required = true)
    final String cron;

    Schedule(String cron) {
      this.cron = cron;
    }
  }
}
