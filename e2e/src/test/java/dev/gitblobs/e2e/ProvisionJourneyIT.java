package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The genuine engine runs the program against the local Cloudflare. Each test has an environment of
 * its own; all of them share one account and do not see each other.
 */
@Tag("full")
final class ProvisionJourneyIT {
  private static final String MODULE =
      "const version = \"0.1.0+abcdef012345\"; export default { fetch: () => new Response(\"%s\"),"
          + " scheduled() {} }; import { DurableObject } from \"cloudflare:workers\"; export class"
          + " StoreHub extends DurableObject {}";

  @TempDir private static Path folder;
  private static LocalCloudflare cloudflare;
  private static PulumiProject project;

  @BeforeAll
  static void start() {
    var root = new Launcher(folder).root();
    cloudflare = LocalCloudflare.start(folder.resolve("cloudflare"));
    project = new PulumiProject(root, folder.resolve("project"), cloudflare);
    project.bundle(MODULE.formatted("first"));
  }

  @AfterAll
  static void stop() {
    cloudflare.close();
  }

  @Test
  void changesNothingAndFindsNoDriftOnceItIsUp() {
    var stack = project.stack("dev", Map.of());
    stack.upAndSettled();

    assertThat(stack.plan()).isEmpty();
    stack.succeeds("refresh", "--yes", "--expect-no-changes");
    stack.succeeds("preview", "--expect-no-changes");
    assertThat(worker(stack.script()).statusCode()).isEqualTo(200);
  }

  @Test
  void provisionsTheWholeEdgeOfProduction() {
    var stack =
        project.named(
            "prod",
            Map.of(
                "gitblobs-relay:zoneId",
                cloudflare.zoneId(),
                "gitblobs-relay:hostname",
                "relay.relay.test",
                "gitblobs-relay:notificationEmails",
                "ops@example.com"));
    stack.upAndSettled();

    assertThat(cloudflare.get(cloudflare.zone("/settings/always_use_https")).result().path("value"))
        .hasToString("\"on\"");
    assertThat(cloudflare.get(cloudflare.zone("/settings/min_tls_version")).result().path("value"))
        .hasToString("\"1.2\"");
    assertThat(live("/workers/domains", "hostname")).containsExactly("relay.relay.test");
    stack.succeeds("refresh", "--yes", "--expect-no-changes");
    assertThat(stack.plan()).isEmpty();
  }

  @Test
  void deploysAChangedBundleInPlaceAlthoughThereIsADurableObject() {
    var stack = project.stack("dev", Map.of());
    stack.upAndSettled();
    var database = stack.json("stack", "output", "--json").path("databaseId");
    project.bundle(MODULE.formatted("second"));

    assertThat(stack.plan()).isEqualTo(Map.of("script", "update"));
    stack.succeeds("up", "--yes", "--skip-preview");

    assertThat(worker(stack.script()).body()).isEqualTo("second");
    assertThat(stack.json("stack", "output", "--json").path("databaseId")).isEqualTo(database);
    assertThat(stack.plan()).isEmpty();
  }

  @Test
  void keepsEverySecretOutOfTheExportedState() {
    var stack = project.stack("dev", Map.of());
    stack.succeeds("up", "--yes", "--skip-preview");

    var state = stack.succeeds("stack", "export").out();

    assertThat(state).contains("JWT_SECRET", "ciphertext");
    assertThat(stack.secretValues()).hasSize(4).noneMatch(state::contains);
  }

  @Test
  void changesOnlyTheResourceOfAChangedSetting() {
    var stack = project.stack("dev", Map.of());
    stack.upAndSettled();
    stack.set("gitblobs-relay:workersDev", "true");

    assertThat(stack.plan()).isEqualTo(Map.of("workers-dev", "update"));
  }

  @Test
  void findsAndMendsWhatWasChangedBehindItsBack() {
    var stack = project.stack("dev", Map.of());
    stack.upAndSettled();
    cloudflare
        .send(
            "PUT",
            cloudflare.account("/workers/scripts/" + stack.script() + "/schedules"),
            "[{\"cron\":\"0 0 * * *\"}]")
        .expect(200);

    assertThat(stack.run("refresh", "--yes", "--expect-no-changes").exit()).isNotZero();
    stack.succeeds("refresh", "--yes");
    assertThat(stack.plan()).isEqualTo(Map.of("schedules", "update"));
    stack.succeeds("up", "--yes", "--skip-preview");
    assertThat(stack.plan()).isEmpty();
  }

  @Test
  void mendsWithTheNextUpWhatAFailingCallLeftHalfMade() {
    var stack = project.stack("dev", Map.of());
    cloudflare
        .send(
            "POST",
            "/local/faults",
            "{\"method\":\"PUT\",\"path\":\".*/"
                + stack.script()
                + "/schedules\",\"status\":400,\"code\":10100,\"message\":\"a bad day\"}")
        .expect(200);

    var failed = stack.run("up", "--yes", "--skip-preview");

    assertThat(failed.exit()).isNotZero();
    assertThat(failed.out()).contains("/schedules was answered 400: a bad day [code 10100]");
    stack.upAndSettled();
    assertThat(stack.plan()).isEmpty();
  }

  @Test
  void refusesToDestroyAProtectedEnvironment() {
    var stack = project.stack("dev", Map.of());
    stack.succeeds("up", "--yes", "--skip-preview");

    var destroy = stack.run("destroy", "--yes", "--skip-preview");

    assertThat(destroy.exit()).isNotZero();
    assertThat(destroy.all()).contains("protected");
    assertThat(worker(stack.script()).statusCode()).isEqualTo(200);
  }

  @Test
  void destroysADisposableEnvironmentAndNoOther() {
    var other = project.stack("pr", Map.of());
    var stack = project.stack("pr", Map.of());
    other.upAndSettled();
    stack.succeeds("up", "--yes", "--skip-preview");

    stack.succeeds("destroy", "--yes", "--skip-preview");

    assertThat(live("/workers/scripts", "id"))
        .contains(other.script())
        .doesNotContain(stack.script());
    assertThat(live("/d1/database", "name"))
        .contains(other.script())
        .doesNotContain(stack.script());
    assertThat(other.plan()).isEmpty();
  }

  @Test
  void refusesToReplaceADatabaseAndSaysWhy() {
    var stack = project.stack("dev", Map.of());
    stack.succeeds("up", "--yes", "--skip-preview");
    stack.set("gitblobs-relay:environment", "other");

    var up = stack.run("up", "--yes");

    assertThat(up.exit()).isNotZero();
    assertThat(up.out())
        .contains("error: Policy: a database is never replaced, its data would be lost")
        .doesNotContain("at dev.gitblobs");
    assertThat(live("/d1/database", "name"))
        .contains(stack.script())
        .doesNotContain("gitblobs-relay-other");
  }

  @Test
  void reportsEverySettingThatIsWrongBeforeItCallsAnything() {
    var stack =
        project.stack(
            "prod", Map.of("gitblobs-relay:workerDev", "true", "gitblobs-relay:quotaBytes", "-1"));

    var preview = stack.run("preview");

    assertThat(preview.exit()).isNotZero();
    assertThat(preview.out())
        .contains("gitblobs-relay:workerDev in infra/stacks/Pulumi.prod-")
        .contains("gitblobs-relay:quotaBytes in infra/stacks/Pulumi.prod-");
  }

  @Test
  void importsADatabaseThatWasMadeByHand() {
    var stack = project.stack("pr", Map.of());
    var id =
        cloudflare
            .send("POST", cloudflare.account("/d1/database"), "{\"name\":\"made-by-hand\"}")
            .result()
            .path("uuid");

    stack.succeeds(
        "import",
        "cloudflare:index/d1Database:D1Database",
        "by-hand",
        cloudflare.accountId() + "/" + id.asText(),
        "--yes",
        "--skip-preview",
        "--generate-code=false",
        "--protect=false");

    assertThat(stack.succeeds("stack", "export").out()).contains("made-by-hand", id.asText());
  }

  /** A field of each thing that there is in the account now. */
  private static List<String> live(String path, String field) {
    return cloudflare.get(cloudflare.account(path)).result().findValuesAsText(field);
  }

  private static HttpResponse<String> worker(String script) {
    return cloudflare.http(HttpRequest.newBuilder(cloudflare.worker(script)));
  }
}
