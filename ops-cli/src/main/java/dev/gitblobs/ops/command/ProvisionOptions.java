package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.provision.Provisioner;
import dev.gitblobs.ops.terminal.Terminal;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Which environment to provision, and with which provider: what {@code up} and {@code preview}
 * share.
 */
final class ProvisionOptions {
  @Parameters(
      paramLabel = "ENV",
      completionCandidates = KnownEnvironments.class,
      description = "local, dev, staging, prod: a stack in infra/stacks.")
  private String name = "";

  @Option(
      names = "--genuine-provider",
      description = "On local: use Cloudflare's own Pulumi plugin instead of the bundled provider.")
  private boolean genuineProvider;

  /** That environment. */
  Environment environment() {
    return Project.find().environment(name);
  }

  /** A provisioner of that environment, which prints to that terminal. */
  Provisioner provisioner(Terminal terminal) {
    return new Provisioner(environment(), terminal, genuineProvider);
  }
}
