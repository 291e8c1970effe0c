package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.environment.Secret;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.relay.RelayClient;
import java.net.URI;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which relay is operated, and where its admin token comes from. */
final class RelayOptions {
  @Option(
      names = "--env",
      paramLabel = "ENV",
      completionCandidates = KnownEnvironments.class,
      defaultValue = Environment.LOCAL,
      description = "The environment (default: ${DEFAULT-VALUE}).")
  private String environment = Environment.LOCAL;

  @Mixin private AdminToken token = new AdminToken();

  /** The environment of that name. */
  Environment environment() {
    return Project.find().environment(environment);
  }

  /** A client of its relay with the admin token. */
  RelayClient relay() {
    Environment chosen = environment();
    return new RelayClient(address(Target.of(chosen)), token(chosen));
  }

  /**
   * Where the relay is reached.
   *
   * @throws OpsException when nobody knows
   */
  static URI address(Target target) {
    URI url = target.url();
    if (url == null) {
      throw new OpsException(
          "The relay's address is not known.",
          "Give the environment a domain, or its workers.dev address, in its stack file.");
    }
    return url;
  }

  /** The admin token of that environment's relay. */
  Secret token(Environment chosen) {
    return token.of(chosen);
  }
}
