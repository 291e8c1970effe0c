package dev.gitblobs.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StackSettingsTest {
  private static final String KEY = "k".repeat(43);
  private static final Set<String> SECRETS =
      Set.of(
          "jwtSecret", "jwtSecretPrevious", "passwordPepper", "adminToken", "logpushDestination");

  @Test
  void readsAnEnvironmentFromTheLeastThatItNeeds() {
    var settings = read("dev", Map.of());

    assertThat(settings.environment()).isEqualTo("dev");
    assertThat(settings.protect()).isTrue();
    assertThat(settings.workersDev()).isFalse();
    assertThat(settings.edge()).isEmpty();
    assertThat(settings.resourceName()).isEqualTo("gitblobs-relay-dev");
    assertThat(settings.secrets()).containsOnlyKeys("JWT_SECRET", "PASSWORD_PEPPER", "ADMIN_TOKEN");
    assertThat(settings.plain())
        .containsEntry("ENVIRONMENT", "dev")
        .containsEntry("TTL_DEFAULT_SECONDS", "2592000")
        .containsEntry("LOG_SHARE", "1.0");
  }

  @Test
  void reportsEveryProblemAtOnceWithKeyAndFile() {
    var problems =
        problems(
            "prod",
            Map.of(
                "accountId", "short",
                "workersDev", "yes",
                "logShare", "2",
                "quotaBytes", "0",
                "adminToken", "weak"),
            Set.of("adminToken"));

    assertThat(problems)
        .allMatch(problem -> problem.contains(" in infra/stacks/Pulumi.prod.yaml "))
        .extracting(problem -> problem.split(" ", 2)[0])
        .containsExactlyInAnyOrder(
            "gitblobs-relay:accountId",
            "gitblobs-relay:workersDev",
            "gitblobs-relay:logShare",
            "gitblobs-relay:quotaBytes",
            "gitblobs-relay:jwtSecret",
            "gitblobs-relay:passwordPepper",
            "gitblobs-relay:adminToken");
  }

  @Test
  void tellsTheCommandThatSetsAMissingValue() {
    assertThat(problems("prod", Map.of(), Set.of()))
        .anyMatch(
            it -> it.contains("pulumi config set gitblobs-relay:accountId VALUE --stack prod"))
        .anyMatch(
            it -> it.contains("pulumi config set --secret gitblobs-relay:jwtSecret --stack prod"));
  }

  @Test
  void refusesASecretThatIsNotEncryptedInTheStackFile() {
    var values = least();
    values.put("jwtSecret", KEY);

    assertThat(problems("dev", values, Set.of("passwordPepper", "adminToken")))
        .singleElement()
        .asString()
        .contains("gitblobs-relay:jwtSecret", "is in plain text")
        .doesNotContain(KEY);
  }

  @Test
  void neverPrintsASecret() {
    assertThat(read("dev", Map.of()).toString()).doesNotContain(KEY).contains("[secret]");
    assertThat(problems("dev", Map.of("jwtSecret", "weak-but-private"), Set.of("jwtSecret")))
        .noneMatch(problem -> problem.contains("weak-but-private"));
  }

  @Test
  void refusesAMisspelledKey() {
    assertThatThrownBy(() -> read("dev", Map.of("workerDev", "true")))
        .hasMessageContaining("gitblobs-relay:workerDev")
        .hasMessageContaining("is not a setting of the relay");
  }

  @Test
  void refusesToLeaveAnEnvironmentWithDataUnprotected() {
    assertThatThrownBy(() -> read("prod", Map.of("protect", "false")))
        .hasMessageContaining("gitblobs-relay:protect");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "pr-1", "production"})
  void keepsAStackWithDataProtectedWhateverItsEnvironmentIsCalled(String environment) {
    assertThat(read("prod", Map.of("environment", environment)).protect()).isTrue();
    assertThatThrownBy(() -> read("prod", Map.of("environment", environment, "protect", "false")))
        .hasMessageContaining("gitblobs-relay:protect")
        .hasMessageContaining("the data of the stack prod must not be lost");
  }

  @Test
  void leavesLocalAndPullRequestEnvironmentsUnprotected() {
    assertThat(read("local", Map.of()).protect()).isFalse();
    assertThat(read("pr-17", Map.of()).protect()).isFalse();
    assertThat(read("pr-17", Map.of()).resourceName()).isEqualTo("gitblobs-relay-pr-17");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pr", "pr-", "pr7", "pr-x", "pr-7-eu", "preview", "primary", "local-2"})
  void protectsWhatIsOnlyCalledAlmostLikeAPullRequest(String stack) {
    assertThat(read(stack, Map.of()).protect()).isTrue();
    assertThatThrownBy(() -> read(stack, Map.of("protect", "false")))
        .hasMessageContaining("gitblobs-relay:protect");
  }

  @Test
  void refusesAZoneWithoutAHostName() {
    assertThatThrownBy(() -> read("prod", Map.of("zoneId", "a".repeat(32))))
        .hasMessageContaining("gitblobs-relay:hostname")
        .hasMessageContaining("set both or none");
  }

  @Test
  void refusesADefaultLifetimeAboveTheLongest() {
    assertThatThrownBy(
            () -> read("dev", Map.of("ttlDefaultSeconds", "86400", "ttlMaxSeconds", "60")))
        .hasMessageContaining("above ttlMaxSeconds 60");
  }

  @Test
  void treatsAnEmptyPreviousSecretAsUnset() {
    assertThat(read("dev", Map.of("jwtSecretPrevious", "")).secrets())
        .doesNotContainKey("JWT_SECRET_PREVIOUS");
    assertThat(read("dev", Map.of("jwtSecretPrevious", KEY)).secrets())
        .containsKey("JWT_SECRET_PREVIOUS");
  }

  @Test
  void knowsTheAddressWhereTheSettingsDecideIt() {
    var zone = Map.of("zoneId", "a".repeat(32), "hostname", "relay.example.com");
    var workersDev = Map.of("workersDev", "true", "workersSubdomain", "acme");

    assertThat(read("prod", zone).url()).contains("https://relay.example.com");
    assertThat(read("dev", workersDev).url())
        .contains("https://gitblobs-relay-dev.acme.workers.dev");
    assertThat(read("dev", Map.of("workersSubdomain", "acme")).url()).isEmpty();
  }

  @Test
  void readsTheEnginesVariables() {
    var config =
        StackConfig.of(
            "dev",
            Map.of(
                "PULUMI_CONFIG",
                "{\"gitblobs-relay:accountId\":\"abc\",\"cloudflare:baseUrl\":\"http://x\"}",
                "PULUMI_CONFIG_SECRET_KEYS",
                "[\"gitblobs-relay:jwtSecret\",\"cloudflare:apiToken\"]"));

    assertThat(config.values()).isEqualTo(Map.of("accountId", "abc"));
    assertThat(config.secretKeys()).isEqualTo(Set.of("jwtSecret"));
  }

  static StackSettings read(String stack, Map<String, String> more) {
    var values = least();
    values.putAll(more);
    return StackSettings.read(new StackConfig(stack, values, SECRETS));
  }

  private static List<String> problems(
      String stack, Map<String, String> values, Set<String> secretKeys) {
    return catchThrowableOfType(
            SettingsException.class,
            () -> StackSettings.read(new StackConfig(stack, values, secretKeys)))
        .problems();
  }

  private static Map<String, String> least() {
    return new HashMap<>(
        Map.of(
            "accountId", "0123456789abcdef0123456789abcdef",
            "jwtSecret", KEY,
            "passwordPepper", KEY,
            "adminToken", KEY));
  }
}
