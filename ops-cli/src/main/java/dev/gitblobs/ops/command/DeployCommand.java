package dev.gitblobs.ops.command;

import dev.gitblobs.ops.deploy.DeployOutcome;
import dev.gitblobs.ops.deploy.DeployOutcome.Database;
import dev.gitblobs.ops.deploy.DeployOutcome.Deployed;
import dev.gitblobs.ops.deploy.DeployOutcome.Failed;
import dev.gitblobs.ops.deploy.DeployOutcome.Worker;
import dev.gitblobs.ops.deploy.DeployPlan;
import dev.gitblobs.ops.deploy.Deployer;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.provision.UpReport;
import dev.gitblobs.ops.terminal.Terminal;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayctl deploy ENV}. */
@Command(
    name = "deploy",
    description = {
      "Deploy what is checked out, and go back to the version before when that fails.",
      "Shows one plan of infrastructure, migrations and keys, asks, then migrates (a bookmark first),",
      "updates, examines what serves and tries it out."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl deploy staging",
      "  relayctl deploy prod --dry-run --json",
      "  relayctl deploy prod --yes"
    })
final class DeployCommand implements Callable<Integer> {
  private static final long OLD_KEY_DAYS = 90;

  @Parameters(
      paramLabel = "ENV",
      completionCandidates = KnownEnvironments.class,
      description = "local, dev, staging, prod: a stack in infra/stacks.")
  private String name = "";

  @Option(names = "--dry-run", description = "Show the plan; change nothing.")
  private boolean dryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @Mixin private AdminToken token = new AdminToken();
  @Mixin private Output output = new Output();

  /**
   * The answer; its JSON form is stable.
   *
   * @param plan what was to be done
   * @param deployed what it came to; null for {@code --dry-run} and after a failure
   * @param failure what failed; null when nothing did
   * @param database what became of the database; null for {@code --dry-run}
   */
  record Deployment(
      DeployPlan plan,
      @Nullable UpReport deployed,
      @Nullable Failure failure,
      @Nullable Database database) {}

  /** What an operator is told, what became of the Worker, and which version serves. */
  record Failure(String message, String remedy, Worker worker, @Nullable String version) {}

  @Override
  public Integer call() throws Exception {
    Terminal terminal = output.terminal();
    Environment environment = Project.find().environment(name);
    Deployer deployer =
        new Deployer(environment, terminal, () -> token.of(environment), Clock.systemUTC());
    DeployPlan plan = deployer.plan();
    print(terminal, plan);
    if (dryRun) {
      terminal.line("Nothing was changed.");
      terminal.result(new Deployment(plan, null, null, null));
      return 0;
    }
    Confirmation.require(yes, "Deploy this to '" + name + "'?", terminal);
    DeployOutcome outcome = deployer.deploy(plan);
    terminal.line("");
    if (outcome instanceof Failed failed) {
      terminal.result(new Deployment(plan, null, failure(failed), failed.database()));
      if (terminal.isJson()) {
        return CommandLine.ExitCode.SOFTWARE;
      }
      throw new OpsException(failed.message(), failed.remedy(), failed.cause());
    }
    if (outcome instanceof Deployed deployed) {
      print(terminal, deployed);
      terminal.result(new Deployment(plan, deployed.report(), null, deployed.database()));
      return 0;
    }
    throw new AssertionError(outcome);
  }

  private static Failure failure(Failed failed) {
    return new Failure(failed.message(), failed.remedy(), failed.worker(), failed.version());
  }

  private static void print(Terminal terminal, Deployed deployed) {
    terminal.line(terminal.bold("Deployed") + " version " + deployed.report().version() + ".");
    String bookmark = deployed.database().bookmark();
    if (bookmark != null) {
      terminal.line("The database's bookmark from before the migrations: " + bookmark);
    }
  }

  private static void print(Terminal terminal, DeployPlan plan) {
    terminal.line("");
    terminal.line(terminal.bold("Plan for " + plan.environment()));
    terminal.line("  infrastructure  " + plan.resources().phrase());
    terminal.line("  migrations      " + plan.migrations().size() + " to apply");
    plan.migrations().forEach(migration -> terminal.line("                  " + migration));
    plan.findings().forEach(finding -> terminal.line("                  " + finding.text()));
    if (plan.version() != null) {
      terminal.line("  serves now      " + plan.version());
    }
    Long age = plan.signingKeyAgeDays();
    if (age != null) {
      terminal.line(
          "  signing key     "
              + age
              + " days old"
              + (age > OLD_KEY_DAYS ? ": rotate it, relayctl keys rotate" : ""));
    }
    terminal.line("");
  }
}
