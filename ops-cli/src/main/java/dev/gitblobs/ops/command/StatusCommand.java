package dev.gitblobs.ops.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.D1Database;
import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.migrate.SqlDatabase;
import dev.gitblobs.ops.migrate.Survey;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.file.MigrationFolder;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.relay.Keys;
import dev.gitblobs.ops.relay.RelayClient;
import dev.gitblobs.ops.relay.RelayHealth;
import dev.gitblobs.ops.relay.RelayProblem;
import dev.gitblobs.ops.relay.Upkeep;
import dev.gitblobs.ops.terminal.Terminal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code relayctl status}. */
@Command(
    name = "status",
    description =
        "Where an environment's relay listens, its version, health, migrations, users, data, keys.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExit code 1 when the relay is not healthy.%n%nExamples:%n",
    footer = {"  relayctl status", "  relayctl status --env prod --json"})
final class StatusCommand implements Callable<Integer> {
  private static final int WIDTH = 20;
  private static final long MILLIS_PER_SECOND = 1000;
  private static final long BYTES_PER_MB = 1_000_000;
  private static final String LAST_CLEANUP = "last_cleanup_at";

  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  /**
   * The answer; its JSON form is stable.
   *
   * @param environment the environment's name
   * @param url where its relay is reached; null when it is not up
   * @param healthy whether {@code /health} answered 200
   * @param version the relay's version; null when it did not say
   * @param detail one sentence for people
   * @param migrations how many are applied and pending; null when the database was not reached
   * @param stats counts by the relay's own names; null without an admin token
   * @param signingKey the key that signs; null when there is none, or without an admin token
   * @param lastCleanupAt when what had expired was last removed, by whomever, in milliseconds since
   *     1970
   */
  record Status(
      String environment,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String url,
      boolean healthy,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String version,
      String detail,
      @Nullable Schema migrations,
      @Nullable Map<String, Long> stats,
      @JsonProperty("signing_key") @Nullable SigningKey signingKey,
      @JsonProperty("last_cleanup_at") @Nullable Long lastCleanupAt) {

    static Status unknown(String environment, @Nullable String url, String detail) {
      return new Status(environment, url, false, null, detail, null, null, null, null);
    }
  }

  /** How far the database is. */
  record Schema(int applied, int pending) {}

  /** The key that signs, and for how long it has, in seconds. */
  record SigningKey(String kid, @JsonProperty("age_seconds") long ageSeconds) {}

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Status status = status(options.environment());
    print(terminal, status);
    terminal.result(status);
    return status.healthy() ? 0 : 1;
  }

  private static void print(Terminal terminal, Status status) {
    terminal.line(
        (status.healthy() ? terminal.green("healthy") : terminal.red("not healthy"))
            + "  "
            + status.environment());
    print(terminal, "url", status.url());
    print(terminal, "version", status.version());
    if (status.migrations() != null) {
      print(
          terminal,
          "migrations",
          status.migrations().applied()
              + " applied, "
              + status.migrations().pending()
              + " pending");
    }
    if (status.signingKey() != null) {
      SigningKey key = status.signingKey();
      print(terminal, "signing key", key.kid() + ", signs since " + age(key.ageSeconds()));
    }
    if (status.lastCleanupAt() != null) {
      print(terminal, "last cleanup", Terminal.moment(status.lastCleanupAt()));
    }
    if (status.stats() != null) {
      status.stats().forEach((name, n) -> print(terminal, name.replace('_', ' '), amount(name, n)));
    }
    terminal.line(" ".repeat(WIDTH) + status.detail());
  }

  private static String amount(String name, long n) {
    return name.endsWith("bytes") && n >= BYTES_PER_MB
        ? String.format(Locale.ROOT, "%.1f MB", n / (double) BYTES_PER_MB)
        : String.valueOf(n);
  }

  private static void print(Terminal terminal, String name, @Nullable String value) {
    if (value != null) {
      terminal.line(String.format("%-" + WIDTH + "s", name) + value);
    }
  }

  private static String age(long seconds) {
    Duration age = Duration.ofSeconds(seconds);
    return age.toDays() > 0 ? age.toDays() + " days" : age.toMinutes() + " min";
  }

  private Status status(Environment environment) {
    try {
      Target target = Target.of(environment);
      if (target.url() == null) {
        return Status.unknown(environment.name(), null, "Its address is not known.");
      }
      return full(environment, target, target.url());
    } catch (OpsException e) {
      return Status.unknown(environment.name(), null, e.getMessage() + " " + e.remedy());
    } catch (ApiException e) {
      return Status.unknown(environment.name(), null, String.valueOf(e.getMessage()));
    }
  }

  private Status full(Environment environment, Target target, URI url) {
    RelayHealth health = RelayHealth.of(url);
    List<String> detail = new ArrayList<>();
    detail.add(health.detail());
    Schema schema = part(detail, () -> schema(environment, target));
    RelayClient relay =
        health.healthy()
            ? part(detail, () -> new RelayClient(url, options.token(environment)))
            : null;
    Map<String, Long> stats = ask(relay, detail, client -> new Upkeep(client).stats());
    return new Status(
        environment.name(),
        url.toString(),
        health.healthy(),
        health.version(),
        String.join(" ", detail),
        schema,
        stats,
        ask(relay, detail, client -> signingKey(new Keys(client).list())),
        stats == null ? null : stats.remove(LAST_CLEANUP));
  }

  private static Schema schema(Environment environment, Target target) {
    List<Migration> files = new MigrationFolder(environment.project().migrations(), null).read();
    Survey survey = Migrator.look(new D1Database(target.database()), files);
    int pending = survey.pending().size();
    return new Schema(survey.states().size() - pending, pending);
  }

  private static @Nullable SigningKey signingKey(Keys.Ring ring) {
    return ring.keys().stream()
        .filter(key -> key.use().equals("signing"))
        .findFirst()
        .map(
            key ->
                new SigningKey(
                    key.kid(), (System.currentTimeMillis() - key.signFrom()) / MILLIS_PER_SECOND))
        .orElse(null);
  }

  private static <T> @Nullable T ask(
      @Nullable RelayClient relay, List<String> detail, Function<RelayClient, @Nullable T> part) {
    return relay == null ? null : part(detail, () -> part.apply(relay));
  }

  /** A part that cannot be told is left out, and why is said: the rest is still worth telling. */
  private static <T> @Nullable T part(List<String> detail, Supplier<@Nullable T> part) {
    try {
      return part.get();
    } catch (OpsException
        | ApiException
        | RelayProblem
        | SqlDatabase.Refusal
        | SqlDatabase.Unanswered e) {
      detail.add(String.valueOf(e.getMessage()));
      return null;
    }
  }
}
