package dev.gitblobs.ops.deploy;

import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.cloudflare.Deployments;
import dev.gitblobs.ops.doctor.Check;
import dev.gitblobs.ops.doctor.Doctor;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Outputs;
import dev.gitblobs.ops.migrate.Author;
import dev.gitblobs.ops.migrate.D1Database;
import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.lint.Finding;
import dev.gitblobs.ops.migrate.lint.Linter;
import dev.gitblobs.ops.provision.Provisioner;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.provision.UpReport;
import dev.gitblobs.ops.relay.Keys;
import dev.gitblobs.ops.relay.RelayClient;
import dev.gitblobs.ops.relay.RelayProblem;
import dev.gitblobs.ops.relay.Secret;
import dev.gitblobs.ops.stack.Changes;
import dev.gitblobs.ops.terminal.Terminal;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Deploys: tables first, so that the running version and the new one both fit them, then the
 * Worker, then a look at what serves. When that fails the Worker goes back to the version before;
 * the database stays as it is, since only its operator may throw away what users wrote.
 */
public final class Deployer {
  private final Environment environment;
  private final Terminal terminal;
  private final Supplier<Secret> adminToken;
  private final Clock clock;
  private final Provisioner provisioner;

  /**
   * A deployer to that environment.
   *
   * @param adminToken gives the relay's admin token, or fails with what to do
   */
  public Deployer(
      Environment environment, Terminal terminal, Supplier<Secret> adminToken, Clock clock) {
    this.environment = environment;
    this.terminal = terminal;
    this.adminToken = adminToken;
    this.clock = clock;
    this.provisioner = new Provisioner(environment, terminal, false);
  }

  /**
   * What {@link #deploy} would do; changes nothing but builds the Worker's bundle.
   *
   * @throws OpsException when the plan cannot work, such as a migration that the lint refuses
   */
  public DeployPlan plan() throws Exception {
    Changes changes = provisioner.preview();
    if (Outputs.remembered(environment).isEmpty()) {
      List<Migration> all = files();
      Linter.requireClean(all, all);
      return new DeployPlan(
          environment.name(), true, changes, names(all), Linter.lint(all, Set.of()), null, null);
    }
    Target target = Target.of(environment);
    List<Migration> pending = migrator(target).plan(files(), Migrator.Options.DEFAULT);
    List<Finding> findings =
        Linter.lint(files(), Set.of()).stream()
            .filter(finding -> pending.contains(finding.migration()))
            .toList();
    return new DeployPlan(
        environment.name(),
        false,
        changes,
        names(pending),
        findings,
        deployments(target).current().orElse(null),
        signingKeyAgeDays(target.url()));
  }

  /**
   * Carries the plan out.
   *
   * @throws OpsException when a step fails; it says what was rolled back and what to run
   */
  public UpReport deploy(DeployPlan plan) throws Exception {
    List<String> migrated = List.of();
    if (!plan.isFirst() && !plan.migrations().isEmpty()) {
      Target target = Target.of(environment);
      migrated = migrator(target).up(files(), Migrator.Options.DEFAULT).applied();
      terminal.line(terminal.green("✓ ") + "migrations  " + migrated.size() + " applied");
    }
    try {
      UpReport report = provisioner.up();
      examine();
      return report;
    } catch (OpsException e) {
      throw rolledBack(plan, migrated, e);
    }
  }

  private void examine() {
    List<Check> failed =
        new Doctor(environment, adminToken, clock)
            .examine().stream().filter(check -> check.state() == Check.State.FAILED).toList();
    if (!failed.isEmpty()) {
      Check first = failed.get(0);
      throw new OpsException(
          "What was deployed does not work: " + first.name() + ": " + first.detail(),
          String.valueOf(first.remedy()));
    }
    terminal.line(terminal.green("✓ ") + "doctor      nothing failed");
  }

  private OpsException rolledBack(DeployPlan plan, List<String> migrated, OpsException cause) {
    String database =
        migrated.isEmpty()
            ? "The database was not changed."
            : "The database keeps the migrations applied now ("
                + String.join(", ", migrated)
                + "), which the version before works with. To go back before them, and lose what"
                + " users wrote since: relayctl migrate restore "
                + migrated.get(0)
                + " --env "
                + environment.name()
                + " --yes";
    return new OpsException(
        cause.getMessage() + "\n  " + rollBack(plan.version()) + "\n  " + database,
        cause.remedy() + " Then run relayctl deploy " + environment.name() + " again.",
        cause);
  }

  private String rollBack(@Nullable String version) {
    if (version == null) {
      return "There was no version before to roll back to.";
    }
    try {
      Deployments deployments = deployments(Target.of(environment));
      if (deployments.current().filter(version::equals).isPresent()) {
        return "The version before still serves: " + version + ".";
      }
      deployments.roll(version, "rolled back by relayctl deploy");
      return "The Worker was rolled back to the version before, " + version + ".";
    } catch (ApiException | OpsException e) {
      return "Rolling the Worker back to "
          + version
          + " failed too ("
          + e.getMessage()
          + "): run npx wrangler rollback "
          + version
          + ".";
    }
  }

  private @Nullable Long signingKeyAgeDays(@Nullable URI url) {
    if (url == null) {
      return null;
    }
    try {
      return new Keys(new RelayClient(url, adminToken.get()))
          .list().keys().stream()
              .filter(key -> key.use().equals("signing"))
              .findFirst()
              .map(key -> Duration.ofMillis(clock.millis() - key.signFrom()).toDays())
              .orElse(null);
    } catch (OpsException | RelayProblem e) {
      terminal.line("! The signing key's age is not known: " + e.getMessage());
      return null;
    }
  }

  private List<Migration> files() {
    return Migration.readAll(environment.project().migrations());
  }

  private Migrator migrator(Target target) {
    return new Migrator(
        new D1Database(target.database()),
        Author.ofThisRun(environment.project().root()),
        new Migrator.Watcher() {});
  }

  private static Deployments deployments(Target target) {
    return new Deployments(
        target.api(), target.outputs().accountId(), target.outputs().scriptName());
  }

  private static List<String> names(List<Migration> migrations) {
    return migrations.stream().map(Migration::name).toList();
  }
}
