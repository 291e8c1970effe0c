package dev.gitblobs.infra.cloudflare;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;

/** The switch that makes a script answer under the account's workers.dev name, or not. */
public final class WorkersScriptSubdomain extends CustomResource {
  /** Registers the switch under the logical name {@code name}. */
  public WorkersScriptSubdomain(String name, Args args, CustomResourceOptions.Builder options) {
    super(
        "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain",
        name,
        args,
        CloudflarePlugin.pin(options));
  }

  /** What the switch consists of; addresses of single versions stay off. */
  public static final class Args extends ResourceArgs {
    @Import(name = "accountId", required = true)
    final String accountId;

    @Import(name = "scriptName", required = true)
    final Output<String> scriptName;

    @Import(name = "enabled", required = true)
    final boolean enabled;

    @Import(name = "previewsEnabled", required = true)
    final boolean previewsEnabled = false;

    /** Turns the name of {@code scriptName} on or off. */
    public Args(String accountId, Output<String> scriptName, boolean enabled) {
      this.accountId = accountId;
      this.scriptName = scriptName;
      this.enabled = enabled;
    }
  }
}
