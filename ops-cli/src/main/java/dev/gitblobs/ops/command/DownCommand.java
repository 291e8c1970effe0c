package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.provision.Provisioner;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayctl down ENV}. */
@Command(
    name = "down",
    description = "Remove an environment. Refuses a protected one.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl down local", "  relayctl down pr-42 --yes"})
final class DownCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ENV",
      completionCandidates = KnownEnvironments.class,
      description = "local, or pr-N of a pull request.")
  private String environment = "";

  @Option(names = "--yes", description = "Do not ask. Needed for all but local.")
  private boolean yes;

  @Mixin private Output output = new Output();

  /**
   * The answer; its JSON form is stable.
   *
   * @param environment the environment's name
   * @param removed whether there was anything
   */
  record Removal(String environment, boolean removed) {}

  @Override
  public Integer call() throws Exception {
    Terminal terminal = output.terminal();
    Environment target = Project.find().environment(environment);
    Provisioner provisioner = new Provisioner(target, terminal, false);
    provisioner.refuseWhenProtected();
    if (!target.isLocal() && !yes) {
      throw new OpsException(
          "This removes all resources of '" + environment + "' on Cloudflare.",
          "Run it again with --yes if that is meant.");
    }
    boolean wasThere = provisioner.down();
    terminal.line("");
    terminal.line(wasThere ? environment + " is gone." : "There was nothing to remove.");
    terminal.result(new Removal(environment, wasThere));
    return 0;
  }
}
