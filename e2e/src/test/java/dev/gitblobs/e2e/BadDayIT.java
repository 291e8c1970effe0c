package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import dev.gitblobs.e2e.PulumiProject.Stack;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Cloudflare may answer to a {@code pulumi up}: the operator reads what happened, and the next
 * run mends what was left half-made.
 */
@Tag("full")
final class BadDayIT {
  private static final String STORE_HUB =
      "import { DurableObject } from \"cloudflare:workers\";"
          + " export class StoreHub extends DurableObject {}\n";
  private static final String GOOD =
      STORE_HUB + "export default { fetch: () => new Response(\"good\"), scheduled() {} };";

  @TempDir private static Path folder;
  private static LocalCloudflare cloudflare;
  private static PulumiProject project;

  /**
   * Something that goes wrong.
   *
   * @param spoil brings it about before the run
   * @param said what the operator reads
   * @param mend what the operator does then
   */
  private record BadDay(
      String what,
      Map<String, String> settings,
      Consumer<Stack> spoil,
      List<String> said,
      Consumer<Stack> mend) {
    @Override
    public String toString() {
      return what;
    }
  }

  @BeforeAll
  static void start() {
    cloudflare = LocalCloudflare.start(folder.resolve("cloudflare"));
    project = new PulumiProject(Launcher.checkout(), folder.resolve("project"), cloudflare);
  }

  @AfterAll
  static void stop() {
    cloudflare.close();
  }

  @BeforeEach
  void haveAGoodBundleAndNothingInTheWay() {
    project.bundle(GOOD);
    cloudflare.delete("/local/faults").expect(200);
    quotas("{}");
  }

  @ParameterizedTest
  @MethodSource("badDays")
  void saysWhatHappenedAndMendsItWithTheNextRun(BadDay day) {
    var stack = project.stack("dev", day.settings());
    day.spoil().accept(stack);

    var failed = stack.run("up", "--yes", "--skip-preview");

    assertThat(failed.exit()).as(failed.all()).isNotZero();
    assertThat(failed.out()).contains(day.said()).doesNotContain("\tat ");
    day.mend().accept(stack);
    stack.succeeds("up", "--yes", "--skip-preview");
    assertThat(cloudflare.text(cloudflare.worker(stack.script()))).isEqualTo("good");
  }

  static Stream<BadDay> badDays() {
    return Stream.of(
        new BadDay(
            "a wrong token",
            Map.of(),
            stack -> stack.secret("cloudflare:apiToken", "x".repeat(40)),
            List.of("401: Authentication error [code 10000]", "check the API token"),
            stack -> stack.secret("cloudflare:apiToken", cloudflare.token())),
        new BadDay(
            "a token without a scope",
            Map.of(),
            stack -> stack.secret("cloudflare:apiToken", token("D1 Write", "Workers Scripts Read")),
            List.of("/workers/scripts/gitblobs-relay-", "403", "[code 9109]", "its permissions"),
            stack -> stack.secret("cloudflare:apiToken", cloudflare.token())),
        new BadDay(
            "a script that throws when it starts",
            Map.of(),
            stack -> project.bundle(STORE_HUB + "throw new Error(\"boom\"); export default {};"),
            List.of("was answered 400", "boom", "[code 10021]"),
            stack -> project.bundle(GOOD)),
        new BadDay(
            "a bundle over the limit",
            Map.of(),
            stack -> project.bundle(GOOD + "//" + incompressible(14_000_000)),
            List.of("413: Your Worker exceeded the size limit of 10 MB", "[code 10027]"),
            stack -> project.bundle(GOOD)),
        new BadDay(
            "a binding without its class",
            Map.of(),
            stack -> project.bundle(GOOD.replace("StoreHub", "Other")),
            List.of("was answered 400", "StoreHub", "[code 10070]"),
            stack -> project.bundle(GOOD)),
        new BadDay(
            "a route that is taken",
            ownHost("taken-route", "false"),
            stack -> takeRoute("taken-route.relay.test/*"),
            List.of("409: A route with the same pattern already exists", "[code 10020]", "import"),
            stack -> freeRoutes()),
        new BadDay(
            "a custom domain that is taken",
            ownHost("taken-domain", "true"),
            stack -> takeDomain("taken-domain.relay.test"),
            List.of("409", "taken-domain.relay.test", "[code 100116]", "other"),
            stack -> freeDomains()),
        new BadDay(
            "a name that is taken",
            Map.of(),
            stack -> takeDatabase(stack.script()),
            List.of("already exists", "[code 7502]", "import"),
            stack -> freeDatabase(stack.script())),
        new BadDay(
            "an account that is full",
            Map.of(),
            stack -> quotas("{\"databases\":0}"),
            List.of("System limit reached: databases per account (0) [code 7406]"),
            stack -> quotas("{}")),
        new BadDay(
            "too many requests",
            Map.of(),
            stack -> fault("{\"path\":\".*/d1/database\",\"status\":429,\"code\":971,\"times\":4}"),
            List.of("was answered 429", "[code 971]"),
            stack -> {}),
        new BadDay(
            "an error of Cloudflare's own",
            Map.of(),
            stack -> fault("{\"path\":\".*/d1/database\",\"status\":500}"),
            List.of("was answered 500", "[code 10013]"),
            stack -> {}),
        new BadDay(
            "a connection that is cut",
            Map.of(),
            stack -> fault("{\"path\":\".*/d1/database\",\"status\":0}"),
            List.of("POST /accounts/", "no answer from http://127.0.0.1"),
            stack -> {}));
  }

  @Test
  void makesNothingTwiceThoughEveryAnswerOfACreationIsLost() {
    var settings =
        Map.of(
            "gitblobs-relay:zoneId",
            cloudflare.zoneId(),
            "gitblobs-relay:hostname",
            "lost.relay.test",
            "gitblobs-relay:customDomain",
            "false",
            "gitblobs-relay:notificationEmails",
            "ops@example.com");
    var stack = project.stack("dev", settings);
    stack.secret("gitblobs-relay:logpushDestination", "r2://logs");
    var creations =
        List.of(
            "POST .*/d1/database",
            "PUT .*/workers/scripts/[^/]+",
            "POST .*/workers/routes",
            "POST .*/rulesets",
            "POST .*/logpush/jobs",
            "POST .*/alerting/v3/policies");
    for (var made : creations) {
      var call = made.split(" ", 2);
      fault(
          "{\"method\":\"%s\",\"path\":\"%s\",\"status\":0,\"after\":true}"
              .formatted(call[0], call[1]));
    }

    // How many creations one run reaches before the first failure ends it is the engine's to say.
    var failed = 0;
    for (var up = bringUp(stack); up.exit() != 0; up = bringUp(stack)) {
      failed++;
      assertThat(failed).as(up.all()).isLessThanOrEqualTo(creations.size());
    }

    // The database, the script and the route depend on one another: each run meets one more.
    assertThat(failed).isGreaterThanOrEqualTo(3);

    assertThat(count(cloudflare.account("/d1/database"), stack.script())).isEqualTo(1);
    assertThat(count(cloudflare.account("/workers/scripts"), stack.script())).isEqualTo(1);
    assertThat(count(cloudflare.zone("/workers/routes"), "lost.relay.test/*")).isEqualTo(1);
    assertThat(count(cloudflare.zone("/rulesets"), stack.script())).isEqualTo(1);
    assertThat(count(cloudflare.account("/logpush/jobs"), stack.script())).isEqualTo(1);
    assertThat(count(cloudflare.account("/alerting/v3/policies"), stack.script())).isEqualTo(1);
    assertThat(stack.plan()).isEmpty();
  }

  private static Launcher.Run bringUp(PulumiProject.Stack stack) {
    return stack.run("up", "--yes", "--skip-preview");
  }

  /** How many in a collection have that text as a field of their own. */
  private static long count(String path, String text) {
    return cloudflare
        .get(path)
        .result()
        .valueStream()
        .filter(thing -> thing.valueStream().anyMatch(field -> field.asText().equals(text)))
        .count();
  }

  private static void fault(String json) {
    cloudflare.send("POST", "/local/faults", json).expect(200);
  }

  private static void quotas(String json) {
    cloudflare.send("PUT", "/local/quotas", json).expect(200);
  }

  private static Map<String, String> ownHost(String label, String customDomain) {
    return Map.of(
        "gitblobs-relay:zoneId",
        cloudflare.zoneId(),
        "gitblobs-relay:hostname",
        label + ".relay.test",
        "gitblobs-relay:ownsZone",
        "false",
        "gitblobs-relay:customDomain",
        customDomain);
  }

  private static String token(String... groups) {
    var listed =
        Stream.of(groups)
            .map(group -> "{\"id\":\"" + group + "\"}")
            .collect(java.util.stream.Collectors.joining(","));
    return cloudflare
        .send(
            "POST",
            cloudflare.account("/tokens"),
            "{\"name\":\"less\",\"policies\":[{\"effect\":\"allow\",\"permission_groups\":["
                + listed
                + "]}]}")
        .result()
        .path("value")
        .asText();
  }

  private static void haveAnotherWorker() {
    var upload = ScriptUpload.of("export default { fetch: () => new Response(\"another\") };");
    cloudflare.send("PUT", cloudflare.account("/workers/scripts/another"), upload).expect(200);
  }

  private static void takeRoute(String pattern) {
    haveAnotherWorker();
    cloudflare
        .send(
            "POST",
            cloudflare.zone("/workers/routes"),
            "{\"pattern\":\"" + pattern + "\",\"script\":\"another\"}")
        .expect(200);
  }

  private static void freeRoutes() {
    for (var route : cloudflare.get(cloudflare.zone("/workers/routes")).result()) {
      if (route.path("script").asText().equals("another")) {
        cloudflare.delete(cloudflare.zone("/workers/routes/" + route.path("id").asText()));
      }
    }
  }

  private static void takeDomain(String hostname) {
    haveAnotherWorker();
    cloudflare
        .send(
            "PUT",
            cloudflare.account("/workers/domains"),
            "{\"hostname\":\"" + hostname + "\",\"service\":\"another\"}")
        .expect(200);
  }

  private static void freeDomains() {
    for (var domain : cloudflare.get(cloudflare.account("/workers/domains")).result()) {
      if (domain.path("service").asText().equals("another")) {
        cloudflare.delete(cloudflare.account("/workers/domains/" + domain.path("id").asText()));
      }
    }
  }

  private static void takeDatabase(String name) {
    cloudflare
        .send(
            "POST",
            cloudflare.account("/d1/database"),
            "{\"name\":\"" + name + "\",\"read_replication\":{\"mode\":\"auto\"}}")
        .expect(200);
  }

  private static void freeDatabase(String name) {
    cloudflare.delete(cloudflare.account("/d1/database/" + name)).expect(200);
  }

  /** Text that gzip makes no smaller than three quarters. */
  private static String incompressible(int length) {
    var bytes = new byte[length / 4 * 3];
    new Random(1).nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
