package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The very commands of the workflows, on a Cloudflare of this machine. Each job has what a fresh
 * runner has: the checkout, the backend and the secrets of its environment, and nothing that
 * another job remembered.
 */
@Tag("full")
final class PipelineJourneyIT {
  @TempDir private static Path folder;
  private static LocalCloudflare cloudflare;
  private static OwnCheckout checkout;
  private static Launcher runner;
  private static int jobs;

  @BeforeAll
  static void haveAnAccountAndABackend() throws IOException {
    Path root = Launcher.checkout();
    cloudflare = LocalCloudflare.start(folder.resolve("cloudflare"));
    checkout = new OwnCheckout(root, folder.resolve("checkout"));
    Path backend = Files.createDirectories(folder.resolve("backend"));
    runner =
        new Launcher(checkout.root(), folder)
            .withEngine(backend, cloudflare)
            .with("CLOUDFLARE_BASE_URL", cloudflare.apiUrl())
            .with("CLOUDFLARE_API_TOKEN", cloudflare.token());
    configure("dev", Map.of());
    for (String environment : List.of("staging", "prod")) {
      configure(
          environment,
          Map.of(
              "gitblobs-relay:zoneId",
              cloudflare.zoneId(),
              "gitblobs-relay:hostname",
              environment + "." + cloudflare.instance().path("zone_name").asText()));
    }
  }

  @AfterAll
  static void takeItDown() throws Exception {
    cloudflare.close();
    checkout.unlink();
  }

  @Test
  void deploysAndLooksAfterStagingAndProd() throws IOException {
    job("deploy.yml", "staging", "staging", Map.of());
    job("deploy.yml", "prod", "prod", Map.of());
    job("drift.yml", "drift", "staging", Map.of());
    job("cleanup.yml", "cleanup", "staging", Map.of());
    job("rotate-keys.yml", "rotate-keys", "staging", Map.of());
    job("rollback.yml", "rollback", "staging", Map.of("VERSION", "previous"));

    assertThat(scripts()).contains("gitblobs-relay-staging", "gitblobs-relay-prod");
  }

  @Test
  void givesAPullRequestAnEnvironmentAndDestroysItWhenItIsClosed() throws IOException {
    job("preview.yml", "plan-and-deploy", "pr-7", Map.of());
    assertThat(scripts()).contains("gitblobs-relay-pr-7");

    Files.delete(checkout.root().resolve("infra/stacks/Pulumi.pr-7.yaml")); // another checkout
    job("preview.yml", "destroy", "pr-7", Map.of());

    assertThat(scripts()).doesNotContain("gitblobs-relay-pr-7");
    assertThat(cloudflare.get(cloudflare.account("/d1/database")).result().findValuesAsText("name"))
        .doesNotContain("gitblobs-relay-pr-7");
  }

  @Test
  void saysThatAnEnvironmentIsNotUpWhereTheBackendHasNoSuchStack() throws IOException {
    Path stacks = checkout.root().resolve("infra/stacks");
    Files.copy(stacks.resolve("Pulumi.dev.yaml"), stacks.resolve("Pulumi.pr-8.yaml"));

    Run status = fresh().relayctl("status", "--env", "pr-8", "--json");

    assertThat(status.exit()).as(status.all()).isEqualTo(1);
    assertThat(status.json().path("detail").asText()).contains("is not up", "relayctl up pr-8");
    assertThat(status.json().has("url")).isTrue();
    assertThat(status.json().path("url").isNull()).isTrue();
  }

  /** Runs a job's commands one after the other, as a runner does. */
  private static void job(
      String workflow, String job, String environment, Map<String, String> variables)
      throws IOException {
    List<String> commands = WorkflowsTest.operatorCommands(workflow).getOrDefault(job, List.of());
    assertThat(commands).as(workflow + ", " + job).isNotEmpty();
    Launcher launcher = fresh().with("ENVIRONMENT", environment);
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      launcher = launcher.with(variable.getKey(), variable.getValue());
    }
    for (String command : commands) {
      Run run = launcher.run(List.of("sh", "-c", command));
      assertThat(run.exit()).as(workflow + ": " + command + "\n" + run.all()).isZero();
    }
  }

  private static Launcher fresh() {
    Path home = folder.resolve("runner-" + ++jobs);
    return runner
        .with("RELAY_STATE", home.resolve("state").toString())
        .with("PULUMI_HOME", home.resolve("pulumi").toString());
  }

  /** What an operator does once for an environment; the files are in the repository then. */
  private static void configure(String environment, Map<String, String> settings) {
    Map<String, String> plain = new TreeMap<>(settings);
    plain.put("gitblobs-relay:accountId", cloudflare.accountId());
    plain.put("cloudflare:baseUrl", cloudflare.apiUrl());
    List<String> command =
        new ArrayList<>(
            List.of("exec \"$@\"", "sh", "pulumi", "config", "set-all", "--stack", environment));
    plain.forEach((key, value) -> command.addAll(List.of("--plaintext", key + "=" + value)));
    for (String key : List.of("jwtSecret", "passwordPepper", "adminToken")) {
      command.addAll(List.of("--secret", "gitblobs-relay:" + key + "=" + secret()));
    }
    // The provider that is attached to was started by the test, which has no token in its
    // environment.
    command.addAll(List.of("--secret", "cloudflare:apiToken=" + cloudflare.token()));
    Launcher operator = fresh();
    Run init = operator.run(List.of("sh", "-c", "pulumi stack init " + environment));
    assertThat(init.exit()).as(init.all()).isZero();
    List<String> whole = new ArrayList<>(List.of("sh", "-c"));
    whole.addAll(command);
    Run set = operator.run(whole);
    assertThat(set.exit()).as(set.all()).isZero();
  }

  private static List<String> scripts() {
    return cloudflare.get(cloudflare.account("/workers/scripts")).result().findValuesAsText("id");
  }

  private static String secret() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
