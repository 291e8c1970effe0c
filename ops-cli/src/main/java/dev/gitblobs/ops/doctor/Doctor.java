package dev.gitblobs.ops.doctor;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Secret;
import dev.gitblobs.ops.migrate.D1Database;
import dev.gitblobs.ops.migrate.MigrationState.State;
import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.migrate.Survey;
import dev.gitblobs.ops.migrate.file.MigrationFolder;
import dev.gitblobs.ops.provision.Provisioner;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.relay.RelayClient;
import dev.gitblobs.ops.relay.RelayProblem;
import dev.gitblobs.ops.relay.Upkeep;
import dev.gitblobs.ops.stack.Changes;
import dev.gitblobs.ops.terminal.Screen;
import dev.gitblobs.ops.terminal.Terminal;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Looks at all that an environment needs, and never stops at the first thing that is wrong. */
public final class Doctor {
  private final Environment environment;
  private final Supplier<Secret> adminToken;
  private final Clock clock;
  private final List<Check> checks = new ArrayList<>();

  /**
   * A doctor for that environment.
   *
   * @param adminToken gives the relay's admin token, or fails with what to do
   */
  public Doctor(Environment environment, Supplier<Secret> adminToken, Clock clock) {
    this.environment = environment;
    this.adminToken = adminToken;
    this.clock = clock;
  }

  /** Looks at everything; changes nothing. */
  public List<Check> examine() {
    checks.addAll(new ToolChecks(environment.project()).run());
    Target target;
    try {
      target = Target.of(environment);
    } catch (OpsException e) {
      checks.add(Check.failed("environment", String.valueOf(e.getMessage()), e.remedy()));
      return checks;
    }
    checks.add(Check.ok("environment", environment.name() + " is up"));
    config();
    String zone = StackFile.of(environment).value("zoneId").orElse(null);
    checks.addAll(new TokenChecks(target.api(), target.outputs(), zone).run());
    return examine(target);
  }

  /** Looks at what serves there only: neither this machine nor its rights matter to users. */
  public List<Check> examine(Target target) {
    schema(target);
    URI url = target.url();
    if (url == null) {
      checks.add(
          Check.warning(
              "relay",
              "its address is not known",
              "Set a domain in the environment's stack file."));
      return checks;
    }
    checks.addAll(new RelayChecks(url, clock).run());
    admin(url);
    return checks;
  }

  /**
   * Pulumi runs the program with the stack file's settings and asks Cloudflare, as for an update:
   * nothing else knows for certain whether they are right.
   */
  private void config() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Terminal silent = new Terminal(nowhere, nowhere, false, Screen.NONE);
    String up = "relayctl up " + environment.name();
    try {
      Changes changes = new Provisioner(environment, silent, false).preview().changes();
      checks.add(
          changes.isEmpty()
              ? Check.ok("config", "the program accepts it; " + changes.phrase())
              : Check.warning(
                  "config", up + " would change it: " + changes.phrase(), "Run " + up + "."));
    } catch (OpsException e) {
      checks.add(Check.failed("config", String.valueOf(e.getMessage()), e.remedy()));
    } catch (Exception e) {
      checks.add(Check.failed("config", e.toString(), "Run relayctl preview to see more."));
    }
  }

  private void schema(Target target) {
    try {
      Survey survey =
          Migrator.look(
              new D1Database(target.database()),
              new MigrationFolder(environment.project().migrations(), null).read());
      int pending = survey.pending().size();
      if (!survey.ahead().isEmpty()) {
        checks.add(
            Check.warning(
                "schema",
                "ahead of this checkout by " + String.join(", ", survey.ahead()),
                "Fine after a rollback; else check out the commit that is deployed."));
      } else if (!survey.in(State.CHANGED).isEmpty() || !survey.in(State.MISSING).isEmpty()) {
        checks.add(Check.failed("schema", "files and ledger differ", "See relayctl migrate info."));
      } else if (pending > 0) {
        checks.add(Check.warning("schema", pending + " pending", "Run relayctl migrate up."));
      } else {
        checks.add(Check.ok("schema", survey.states().size() + " migrations, none pending"));
      }
    } catch (RuntimeException e) {
      checks.add(
          Check.failed("schema", String.valueOf(e.getMessage()), "See relayctl migrate info."));
    }
  }

  private void admin(URI url) {
    try {
      new Upkeep(new RelayClient(url, adminToken.get())).stats();
      checks.add(Check.ok("admin token", "the relay accepts it"));
    } catch (OpsException e) {
      checks.add(Check.warning("admin token", String.valueOf(e.getMessage()), e.remedy()));
    } catch (RelayProblem e) {
      checks.add(
          Check.failed(
              "admin token",
              String.valueOf(e.getMessage()),
              "It must be the ADMIN_TOKEN of this very environment."));
    }
  }
}
