package dev.gitblobs.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import com.pulumi.test.TestResult;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RelayStackTest {
  private static final Map<String, String> OWN_HOST =
      Map.of("zoneId", "a".repeat(32), "hostname", "relay.example.com");

  private final PlannedResources planned = new PlannedResources();

  @AfterEach
  void forgetTheEngine() {
    PulumiTest.cleanup();
  }

  @Test
  void declaresDatabaseScriptSwitchAndSchedules() {
    declare("dev", Map.of());

    assertThat(planned.types())
        .containsExactlyInAnyOrder(
            "gitblobs:relay:RelayStack",
            "gitblobs:relay:RelayDatabase",
            "gitblobs:relay:RelayWorker",
            "gitblobs:relay:RelayObservability",
            "cloudflare:index/d1Database:D1Database",
            "cloudflare:index/workersScript:WorkersScript",
            "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain",
            "cloudflare:index/workersCronTrigger:WorkersCronTrigger");
  }

  @Test
  void alwaysSaysThatReadReplicationIsOff() {
    declare("dev", Map.of());

    assertThat(planned.only("d1Database:D1Database"))
        .containsEntry("name", "gitblobs-relay-dev")
        .containsEntry("readReplication", Map.of("mode", "disabled"));
  }

  @Test
  void stopsBeforeADatabaseWouldBeReplaced() {
    planned.liveDatabase("gitblobs-relay-old");

    var result = run("dev", Map.of(), options("dev").build());

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.exceptions())
        .anyMatch(it -> String.valueOf(it).contains("a database is never replaced"));
    assertThat(planned.types()).doesNotContain("cloudflare:index/workersScript:WorkersScript");
  }

  @Test
  void declaresNothingThatBreaksAPolicy() {
    assertThat(run("prod", Map.of(), options("prod").build()).exitCode()).isNotZero();
    assertThat(planned.types()).isEmpty();
  }

  @Test
  void bindsInAFixedOrderOfKinds() {
    declare("dev", Map.of());

    assertThat(bindings()).extracting(it -> it.get("type")).doesNotContainNull();
    assertThat(bindings().stream().map(it -> it.get("type")).distinct())
        .containsExactly(
            "d1",
            "plain_text",
            "durable_object_namespace",
            "secret_text",
            "ratelimit",
            "version_metadata");
  }

  @Test
  void bindsTheDatabaseByTheIdThatCloudflareGaveIt() {
    declare("dev", Map.of());

    assertThat(binding("DB")).containsEntry("databaseId", "uuid-of-database");
  }

  @Test
  void leavesAnUnsetOptionalSecretUnbound() {
    declare("dev", Map.of());

    assertThat(bindings()).extracting(it -> it.get("name")).doesNotContain("JWT_SECRET_PREVIOUS");
  }

  @Test
  void givesEachEnvironmentItsOwnRateLimitCounts() {
    declare("dev", Map.of());
    var dev = binding("IP_LIMIT").get("namespaceId");
    PulumiTest.cleanup();
    planned.clear();
    declare("staging", Map.of());

    assertThat(binding("IP_LIMIT").get("namespaceId")).isNotEqualTo(dev);
  }

  @Test
  void sendsDurableObjectMigrationsToANewScript() {
    declare("dev", Map.of());

    assertThat(planned.only("workersScript:WorkersScript").get("migrations"))
        .isEqualTo(
            Map.of(
                "newTag", "v1", "steps", List.of(Map.of("newSqliteClasses", List.of("StoreHub")))));
  }

  @Test
  void sendsNoMigrationsToAScriptThatHasThem() {
    planned.liveTag("gitblobs-relay-dev", "v1");
    declare("dev", Map.of());

    assertThat(planned.only("workersScript:WorkersScript")).doesNotContainKey("migrations");
  }

  @Test
  void saysEveryOptionalOfTheScriptSoThatNothingDrifts() {
    declare("dev", Map.of("logShare", "0.5"));

    assertThat(planned.only("workersScript:WorkersScript"))
        .containsEntry("usageModel", "standard")
        .containsEntry("logpush", false)
        .containsEntry(
            "observability",
            Map.of(
                "enabled",
                true,
                "headSamplingRate",
                1.0,
                "logs",
                Map.of(
                    "enabled",
                    true,
                    "headSamplingRate",
                    1.0,
                    "invocationLogs",
                    false,
                    "persist",
                    true),
                "traces",
                Map.of("enabled", false)));
  }

  @Test
  void tagsTheScriptWithTheCommit() {
    declare("dev", Map.of());

    assertThat(planned.only("workersScript:WorkersScript").get("annotations"))
        .isEqualTo(Map.of("workersTag", "4bf0b04534b8", "workersMessage", "commit 4bf0b04534b8"));
  }

  @Test
  void givesAnOwnHostNameHttpsAloneAndARateLimit() {
    declare("prod", OWN_HOST);

    assertThat(planned.only("workersCustomDomain:WorkersCustomDomain"))
        .containsEntry("hostname", "relay.example.com");
    assertThat(planned.all("zoneSetting:ZoneSetting"))
        .extracting(setting -> setting.get("settingId"))
        .containsExactlyInAnyOrder("always_use_https", "min_tls_version", "security_header");
    assertThat(planned.only("ruleset:Ruleset")).containsEntry("phase", "http_ratelimit");
  }

  @Test
  void takesARouteWhereNoCustomDomainIsWanted() {
    var settings = new HashMap<>(OWN_HOST);
    settings.put("customDomain", "false");
    declare("prod", settings);

    assertThat(planned.only("workersRoute:WorkersRoute"))
        .containsEntry("pattern", "relay.example.com/*");
    assertThat(planned.all("workersCustomDomain:WorkersCustomDomain")).isEmpty();
  }

  @Test
  void leavesAZoneAloneThatAnotherStackOwns() {
    var settings = new HashMap<>(OWN_HOST);
    settings.put("ownsZone", "false");
    declare("staging", settings);

    assertThat(planned.all("zoneSetting:ZoneSetting")).isEmpty();
    assertThat(planned.all("ruleset:Ruleset")).isEmpty();
  }

  @Test
  void sendsLogsAndAlertsOnlyWhereTheyAreWanted() {
    declare(
        "staging", Map.of("logpushDestination", "r2://logs", "notificationEmails", "a@b.example"));

    assertThat(planned.only("logpushJob:LogpushJob")).containsEntry("destinationConf", "r2://logs");
    assertThat(planned.only("notificationPolicy:NotificationPolicy"))
        .containsEntry("alertType", "incident_alert")
        .containsEntry("mechanisms", Map.of("emails", List.of(Map.of("id", "a@b.example"))));
    assertThat(planned.only("workersScript:WorkersScript")).containsEntry("logpush", true);
  }

  @Test
  void exportsWhatTheOperatorsToolsRead() {
    var result = declare("prod", OWN_HOST);

    assertThat(PulumiTest.extractValue(result.output("scriptName", String.class)))
        .isEqualTo("gitblobs-relay-prod");
    assertThat(PulumiTest.extractValue(result.output("databaseId", String.class)))
        .isEqualTo("uuid-of-database");
    assertThat(PulumiTest.extractValue(result.output("url", String.class)))
        .isEqualTo("https://relay.example.com");
  }

  @Test
  void foreseesTheScriptOfADatabaseThatDoesNotExistYet() {
    var options = options("dev").preview(true).build();

    var result = run("dev", Map.of(), options);

    assertThat(result.errors()).isEmpty();
    assertThat(planned.types()).contains("cloudflare:index/workersScript:WorkersScript");
  }

  private TestResult declare(String stack, Map<String, String> settings) {
    return run(stack, settings, options(stack).build()).throwOnError();
  }

  private TestResult run(String stack, Map<String, String> settings, TestOptions options) {
    var read = StackSettingsTest.read(stack, settings);
    var manifest = WorkerManifest.read(Path.of("../worker/bindings.json"));
    var bundle =
        new WorkerBundle("worker/dist/worker.mjs", "0".repeat(64), Optional.of("4bf0b04534b8"));
    return PulumiTest.withMocks(planned)
        .withOptions(options)
        .runTest(context -> RelayStack.declare(context, read, manifest, bundle));
  }

  private static TestOptions.Builder options(String stack) {
    return TestOptions.builder().projectName("gitblobs-relay").stackName(stack);
  }

  @SuppressWarnings("unchecked")
  private List<Map<String, Object>> bindings() {
    return (List<Map<String, Object>>)
        planned.only("workersScript:WorkersScript").getOrDefault("bindings", List.of());
  }

  private Map<String, Object> binding(String name) {
    return bindings().stream().filter(it -> name.equals(it.get("name"))).findFirst().orElseThrow();
  }
}
