package dev.gitblobs.infra.cloudflare;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;
import java.util.List;

/** Sends the logs of a script to a place outside Cloudflare. */
public final class LogpushJob extends CustomResource {
  /** Registers the job under the logical name {@code name}. */
  public LogpushJob(String name, Args args, CustomResourceOptions.Builder options) {
    super("cloudflare:index/logpushJob:LogpushJob", name, args, CloudflarePlugin.pin(options));
  }

  /** What a job consists of. */
  public static final class Args extends ResourceArgs {
    @Import(name = "accountId", required = true)
    final String accountId;

    @Import(name = "name", required = true)
    final String name;

    @Import(name = "dataset", required = true)
    final String dataset = "workers_trace_events";

    @Import(name = "destinationConf", required = true)
    final Output<String> destinationConf;

    @Import(name = "enabled", required = true)
    final boolean enabled = true;

    @Import(name = "filter", required = true)
    final String filter;

    @Import(name = "outputOptions", required = true)
    final OutputOptions outputOptions = new OutputOptions();

    /** Sends the trace events of {@code scriptName} alone to {@code destination}. */
    public Args(String accountId, String name, String scriptName, Output<String> destination) {
      this.accountId = accountId;
      this.name = name;
      this.destinationConf = destination.asSecret();
      this.filter =
          "{\"where\":{\"key\":\"ScriptName\",\"operator\":\"eq\",\"value\":\""
              + scriptName
              + "\"}}";
    }
  }

  static final class OutputOptions extends ResourceArgs {
    @Import(name = "fieldNames", required = true)
    final List<String> fieldNames =
        List.of("EventTimestampMs", "EventType", "Exceptions", "Logs", "Outcome", "ScriptName");

    @Import(name = "timestampFormat", required = true)
    final String timestampFormat = "rfc3339";
  }
}
