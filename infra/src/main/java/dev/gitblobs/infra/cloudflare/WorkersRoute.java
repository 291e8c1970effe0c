package dev.gitblobs.infra.cloudflare;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;

/** Sends the requests of a zone that match a pattern to a script. */
public final class WorkersRoute extends CustomResource {
  /** Registers the route under the logical name {@code name}. */
  public WorkersRoute(String name, Args args, CustomResourceOptions.Builder options) {
    super("cloudflare:index/workersRoute:WorkersRoute", name, args, CloudflarePlugin.pin(options));
  }

  /** What a route consists of. */
  public static final class Args extends ResourceArgs {
    @Import(name = "zoneId", required = true)
    final String zoneId;

    @Import(name = "pattern", required = true)
    final String pattern;

    @Import(name = "script", required = true)
    final Output<String> script;

    /** Sends what matches {@code pattern} in the zone to {@code script}. */
    public Args(String zoneId, String pattern, Output<String> script) {
      this.zoneId = zoneId;
      this.pattern = pattern;
      this.script = script;
    }
  }
}
