package dev.gitblobs.ops.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.D1Database;
import dev.gitblobs.ops.migrate.MigrationState.State;
import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.migrate.Survey;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.relay.RelayClient;
import dev.gitblobs.ops.relay.RelayProblem;
import dev.gitblobs.ops.relay.Secret;
import dev.gitblobs.ops.relay.Upkeep;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Looks at all that an environment needs, and never stops at the first thing that is wrong. */
public final class Doctor {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

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
    checks.add(Check.ok("environment", environment.name() + " was brought up from here"));
    permissions(target);
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

  /** One harmless call for each permission that up and migrate need. */
  private void permissions(Target target) {
    String account = "/accounts/" + target.outputs().accountId();
    Map.of(
            "D1", account + "/d1/database/" + target.outputs().databaseId(),
            "Workers Scripts",
                account + "/workers/scripts/" + target.outputs().scriptName() + "/settings")
        .forEach((permission, path) -> permission(target, permission, path));
  }

  private void permission(Target target, String permission, String path) {
    String name = "token: " + permission;
    try {
      JsonNode result = target.api().get(path);
      checks.add(Check.ok(name, "may read" + (result.isMissingNode() ? " (no content)" : "")));
    } catch (ApiException e) {
      boolean isToken = e.status() == UNAUTHORIZED || e.status() == FORBIDDEN;
      checks.add(
          Check.failed(
              name,
              String.valueOf(e.getMessage()),
              isToken
                  ? "Give CLOUDFLARE_API_TOKEN the permission '" + permission + "' (edit)."
                  : "Run relayctl up " + environment.name() + "."));
    }
  }

  private void schema(Target target) {
    try {
      Survey survey =
          Migrator.look(
              new D1Database(target.database()),
              Migration.readAll(environment.project().migrations()));
      int pending = survey.pending().size();
      if (!survey.in(State.CHANGED).isEmpty() || !survey.in(State.MISSING).isEmpty()) {
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
