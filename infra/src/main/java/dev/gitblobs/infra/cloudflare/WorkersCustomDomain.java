package dev.gitblobs.infra.cloudflare;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;

/** A host name that belongs to a script; Cloudflare makes its DNS record and certificate. */
public final class WorkersCustomDomain extends CustomResource {
  /** Registers the domain under the logical name {@code name}. */
  public WorkersCustomDomain(String name, Args args, CustomResourceOptions.Builder options) {
    super(
        "cloudflare:index/workersCustomDomain:WorkersCustomDomain",
        name,
        args,
        CloudflarePlugin.pin(options));
  }

  /** What a custom domain consists of. */
  public static final class Args extends ResourceArgs {
    @Import(name = "accountId", required = true)
    final String accountId;

    @Import(name = "zoneId", required = true)
    final String zoneId;

    @Import(name = "hostname", required = true)
    final String hostname;

    @Import(name = "service", required = true)
    final Output<String> service;

    /** Gives {@code hostname} of the zone to the script {@code service}. */
    public Args(String accountId, String zoneId, String hostname, Output<String> service) {
      this.accountId = accountId;
      this.zoneId = zoneId;
      this.hostname = hostname;
      this.service = service;
    }
  }
}
