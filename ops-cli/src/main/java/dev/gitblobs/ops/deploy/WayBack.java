package dev.gitblobs.ops.deploy;

import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.cloudflare.Deployments;
import dev.gitblobs.ops.cloudflare.Deployments.Share;
import dev.gitblobs.ops.deploy.DeployOutcome.Database;
import dev.gitblobs.ops.deploy.DeployOutcome.Failed;
import dev.gitblobs.ops.deploy.DeployOutcome.Worker;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.MigrationState;
import dev.gitblobs.ops.migrate.MigrationState.State;
import dev.gitblobs.ops.migrate.SqlDatabase;
import dev.gitblobs.ops.provision.Schema;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.relay.RelayProblem;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a deployment that failed back to what served before, and the story of it. */
final class WayBack {
  private final Environment environment;
  private final Terminal terminal;
  private final DeployPlan plan;
  private final List<Share> before;

  /**
   * The way back from a deployment.
   *
   * @param before what served before it; empty when nothing did
   */
  WayBack(Environment environment, Terminal terminal, DeployPlan plan, List<Share> before) {
    this.environment = environment;
    this.terminal = terminal;
    this.plan = plan;
    this.before = before;
  }

  /** Lets serve what served before; never throws, since the failure is what has to be told. */
  Failed back(Exception failure) {
    Database database = database();
    @Nullable String problem = null;
    Worker worker = Worker.FIRST;
    @Nullable String version = before.size() == 1 ? before.get(0).version() : null;
    if (!before.isEmpty()) {
      try {
        worker = rollBack(Target.of(environment).deployments());
      } catch (RuntimeException e) {
        worker = Worker.NOT_ROLLED_BACK;
        problem = e.getMessage();
        version = null;
      }
    }
    return new Failed(
        failure.getMessage() + "\n  " + tell(worker, problem) + "\n  " + tell(database),
        remedy(failure) + " Then run relayctl deploy " + environment.name() + " again.",
        worker,
        version,
        database,
        failure);
  }

  /** What the deployment did to the database, by the database's own ledger. */
  Database database() {
    try {
      Optional<Target> target = Target.find(environment);
      if (target.isEmpty()) {
        return new Database(List.of(), null, true);
      }
      List<MigrationState> applied =
          new Schema(environment, target.get(), terminal)
              .survey().states().stream()
                  .filter(state -> state.state() == State.APPLIED)
                  .filter(state -> plan.migrations().contains(state.name()))
                  .toList();
      return new Database(
          applied.stream().map(MigrationState::name).toList(),
          applied.isEmpty() ? null : applied.get(0).bookmark(),
          true);
    } catch (OpsException
        | ApiException
        | SqlDatabase.Refusal
        | SqlDatabase.Unanswered e) { // told as such
      return new Database(List.of(), null, false);
    }
  }

  private Worker rollBack(Deployments deployments) {
    if (deployments.serving().equals(before)) {
      return Worker.UNCHANGED;
    }
    deployments.serve(before, "rolled back by relayctl deploy");
    return Worker.ROLLED_BACK;
  }

  private String tell(Worker worker, @Nullable String problem) {
    String version = before.isEmpty() ? "" : before.get(0).version();
    return switch (worker) {
      case UNCHANGED -> "The version before still serves: " + version + ".";
      case ROLLED_BACK -> "The Worker was rolled back to the version before, " + version + ".";
      case FIRST -> "There was no version before to roll back to.";
      case NOT_ROLLED_BACK ->
          "Rolling the Worker back to "
              + version
              + " failed too ("
              + problem
              + "): run relayctl rollback "
              + environment.name()
              + " --to "
              + version
              + " --yes.";
    };
  }

  private String tell(Database database) {
    if (!database.isKnown()) {
      return "Whether the database was changed is not known, since it did not answer: relayctl"
          + " migrate info --env "
          + environment.name()
          + " tells.";
    }
    if (database.applied().isEmpty()) {
      return "The database was not changed.";
    }
    return "The database keeps the migrations applied now ("
        + String.join(", ", database.applied())
        + ")"
        + (before.isEmpty() ? "." : ", which the version before works with.")
        + " To go back before them, and lose what users wrote since: relayctl migrate restore "
        + database.applied().get(0)
        + " --env "
        + environment.name()
        + " --yes"
        + (database.bookmark() == null ? "" : " (bookmark " + database.bookmark() + ")");
  }

  private static String remedy(Exception failure) {
    if (failure instanceof OpsException known) {
      return known.remedy();
    }
    return failure instanceof ApiException
            || failure instanceof RelayProblem
            || failure instanceof SqlDatabase.Unanswered
        ? "Wait a moment."
        : "This was not expected: --verbose shows more.";
  }
}
