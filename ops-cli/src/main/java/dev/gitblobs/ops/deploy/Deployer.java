package dev.gitblobs.ops.deploy;

import dev.gitblobs.ops.cloudflare.Deployments;
import dev.gitblobs.ops.cloudflare.Deployments.Share;
import dev.gitblobs.ops.deploy.DeployOutcome.Deployed;
import dev.gitblobs.ops.doctor.Check;
import dev.gitblobs.ops.doctor.Doctor;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Secret;
import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.file.MigrationFolder;
import dev.gitblobs.ops.migrate.lint.Linter;
import dev.gitblobs.ops.provision.Provisioner;
import dev.gitblobs.ops.provision.Schema;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.provision.UpReport;
import dev.gitblobs.ops.relay.Keys;
import dev.gitblobs.ops.relay.RelayClient;
import dev.gitblobs.ops.relay.RelayProblem;
import dev.gitblobs.ops.smoke.Smoke;
import dev.gitblobs.ops.smoke.SmokeLines;
import dev.gitblobs.ops.smoke.SmokeReport;
import dev.gitblobs.ops.stack.RelayStack;
import dev.gitblobs.ops.terminal.Terminal;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
    RelayStack.Preview preview = provisioner.preview();
    List<Migration> files = new MigrationFolder(environment.project().migrations(), null).read();
    Optional<Target> target = serving();
    Migrator.Plan pending =
        target.isEmpty()
            ? new Migrator.Plan(files, Linter.lint(files, 0, true, Set.of()))
            : new Schema(environment, target.get(), terminal).plan();
    Linter.requireClean(pending.findings());
    return new DeployPlan(
        environment.name(),
        target.isEmpty(),
        preview.changes(),
        preview.steps(),
        pending.migrations().stream().map(Migration::name).toList(),
        pending.findings(),
        target.flatMap(now -> now.deployments().current()).orElse(null),
        target.map(now -> signingKeyAgeDays(now.url())).orElse(null));
  }

  /** Carries the plan out. */
  public DeployOutcome deploy(DeployPlan plan) throws InterruptedException {
    Optional<Target> target = serving();
    Optional<Secret> token = token();
    List<Share> before =
        target.map(Target::deployments).map(Deployments::serving).orElse(List.of());
    try {
      if (target.isPresent() && !plan.migrations().isEmpty()) {
        List<String> applied = new Schema(environment, target.get(), terminal).migrate();
        terminal.line(terminal.green("✓ ") + "migrations  " + applied.size() + " applied");
      }
      UpReport report = provisioner.up();
      examine();
      tryOut(URI.create(report.url()), token);
      return new Deployed(report, way(plan, before).database());
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) { // whatever it was, the version before has to serve again
      return way(plan, before).back(e);
    }
  }

  private WayBack way(DeployPlan plan, List<Share> before) {
    return new WayBack(environment, terminal, plan, before);
  }

  /**
   * What is up under that name and has a Worker; that decides whether a deployment is the first.
   */
  private Optional<Target> serving() {
    return Target.find(environment).filter(found -> !found.deployments().serving().isEmpty());
  }

  private void examine() {
    List<Check> failed =
        new Doctor(environment, adminToken, clock)
            .examine(Target.of(environment)).stream()
                .filter(check -> check.state() == Check.State.FAILED)
                .toList();
    if (!failed.isEmpty()) {
      Check first = failed.get(0);
      throw new OpsException(
          "What was deployed does not work: " + first.name() + ": " + first.detail(),
          String.valueOf(first.remedy()));
    }
    terminal.line(terminal.green("✓ ") + "doctor      nothing failed");
  }

  private void tryOut(URI relay, Optional<Secret> token) {
    if (token.isEmpty()) {
      return; // said when the deployment began
    }
    SmokeReport report = new Smoke(relay, token.get(), new SmokeLines(terminal)).run();
    if (!report.passed()) {
      String failed =
          report.steps().stream()
              .filter(step -> !step.passed())
              .map(step -> step.name() + ": " + step.detail())
              .collect(Collectors.joining("; "));
      throw new OpsException(
          "What was deployed does not work: smoke, " + failed, "See relayctl logs.");
    }
  }

  /** Without an admin token an operator may still deploy; nobody tries the relay out then. */
  private Optional<Secret> token() {
    try {
      return Optional.of(adminToken.get());
    } catch (OpsException e) {
      terminal.line("! What is deployed will not be tried out: " + e.getMessage());
      return Optional.empty();
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
}
