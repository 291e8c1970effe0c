package dev.gitblobs.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.environment.Outputs;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the doctor says of tokens with few rights, on a running local Cloudflare. */
final class TokenChecksIT {
  private static LocalCloudflare cloudflare;
  private static Outputs outputs;

  @BeforeAll
  static void start() {
    cloudflare = LocalCloudflare.shared();
    String database =
        cloudflare
            .send("POST", cloudflare.account("/d1/database"), "{\"name\":\"relay\"}")
            .result()
            .path("uuid")
            .asText();
    String source = "export default { fetch() { return new Response(); } };";
    cloudflare
        .send("PUT", cloudflare.account("/workers/scripts/relay"), ScriptUpload.of(source))
        .expect(200);
    outputs = new Outputs(cloudflare.accountId(), "relay", database, "relay", null);
  }

  @Test
  void findsEveryRightAndChangesNothing() {
    JsonNode before = deployments();
    assertThat(examine(cloudflare.token()).checks())
        .allMatch(check -> check.state() == Check.State.OK);
    assertThat(deployments()).isEqualTo(before);
  }

  @Test
  void namesTheRightsThatATokenOnlyHasForReading() {
    String token = token("D1 Read", "Workers Scripts Read", "Workers Tail Read");
    Examined checks = examine(token);
    assertThat(checks.line("token: D1").state()).isEqualTo(Check.State.FAILED);
    assertThat(checks.line("token: D1").remedy()).contains("permission 'D1' (edit)");
    assertThat(checks.line("token: Workers Scripts").state()).isEqualTo(Check.State.FAILED);
    assertThat(checks.line("token: Workers Tail").state()).isEqualTo(Check.State.OK);
  }

  @Test
  void saysWhatIsWrongWithATokenThatNobodyKnows() {
    assertThat(examine("x".repeat(40)).checks())
        .allMatch(check -> check.state() == Check.State.FAILED);
  }

  @Test
  void asksForUpWhenTheRightsAreThereButTheDatabaseIsNot() {
    Outputs gone = new Outputs(cloudflare.accountId(), "gone", "gone", "gone", null);
    ApiClient api = new ApiClient(URI.create(cloudflare.apiUrl()), cloudflare.token());
    assertThat(new Examined(new TokenChecks(api, gone, null).run()).line("token: D1").remedy())
        .contains("relayctl up");
  }

  private static JsonNode deployments() {
    return cloudflare.get(cloudflare.account("/workers/scripts/relay/deployments")).result();
  }

  private static Examined examine(String token) {
    ApiClient api = new ApiClient(URI.create(cloudflare.apiUrl()), token);
    return new Examined(new TokenChecks(api, outputs, cloudflare.zoneId()).run());
  }

  private static String token(String... groups) {
    String list =
        List.of(groups).stream()
            .map(group -> "{\"id\":\"" + group + "\"}")
            .collect(Collectors.joining(","));
    return cloudflare
        .send(
            "POST",
            cloudflare.account("/tokens"),
            "{\"name\":\"few\",\"policies\":[{\"effect\":\"allow\",\"permission_groups\":["
                + list
                + "]}]}")
        .result()
        .path("value")
        .asText();
  }
}
