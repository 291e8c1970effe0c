package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.LocalCloudflare.Answer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Products of which only the configuration is imitated. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("full")
class DocumentsTest {
  private LocalCloudflare cloudflare;

  @BeforeAll
  void start() {
    cloudflare = LocalCloudflare.shared();
  }

  @Test
  void keepsALogpushJobAsSentUnderANumber() {
    String path = cloudflare.account("/logpush/jobs");
    JsonNode job =
        cloudflare
            .send(
                "POST",
                path,
                "{\"dataset\":\"workers_trace_events\",\"destination_conf\":\"r2://x\",\"enabled\":true}")
            .result();
    assertThat(job.get("id").isInt()).isTrue();
    String one = path + "/" + job.get("id").asInt();
    assertThat(cloudflare.get(one).result()).isEqualTo(job);
    JsonNode changed = cloudflare.send("PUT", one, "{\"destination_conf\":\"r2://y\"}").result();
    assertThat(changed.get("destination_conf").asText()).isEqualTo("r2://y");
    assertThat(changed.get("enabled").asBoolean()).isTrue();
    cloudflare.delete(one).expect(200);
    assertThat(cloudflare.get(one).status()).isEqualTo(404);
  }

  @Test
  void neverTellsTheSecretOfAWebhook() {
    String path = cloudflare.account("/alerting/v3/destinations/webhooks");
    String body = "{\"name\":\"n\",\"url\":\"https://relay.test/\",\"secret\":\"hush\"}";
    Answer created = cloudflare.send("POST", path, body);
    assertThat(created.expect(200).toString()).doesNotContain("hush");
    assertThat(cloudflare.get(path).expect(200).toString()).doesNotContain("hush");
  }

  @Test
  void refusesAPolicyWithoutMechanisms() {
    Answer refused =
        cloudflare.send(
            "POST",
            cloudflare.account("/alerting/v3/policies"),
            "{\"name\":\"n\",\"alert_type\":\"a\"}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errorMessage()).contains("mechanisms");
  }

  @Test
  void hasOneRulesetForAPhaseWhoseRulesKeepTheirIdsByRef() {
    String path = cloudflare.zone("/rulesets");
    String rules =
        "[{\"ref\":\"login\",\"action\":\"block\",\"expression\":\"true\",\"ratelimit\":"
            + "{\"characteristics\":[\"ip.src\"],\"period\":10,\"requests_per_period\":100}}]";
    String body = "{\"name\":\"r\",\"kind\":\"zone\",\"phase\":\"http_ratelimit\",\"rules\":%s}";
    JsonNode created = cloudflare.send("POST", path, body.formatted(rules)).result();
    assertThat(cloudflare.send("POST", path, body.formatted(rules)).errorCode()).isEqualTo(20217);
    String one = path + "/" + created.get("id").asText();
    assertThat(cloudflare.get(one).result()).isEqualTo(created);
    JsonNode updated =
        cloudflare.send("PUT", one, body.formatted(rules.replace("100", "50"))).result();
    assertThat(updated.at("/rules/0/id")).isEqualTo(created.at("/rules/0/id"));
    assertThat(updated.get("version").asText()).isEqualTo("2");
    assertThat(
            cloudflare.get(cloudflare.zone("/rulesets/phases/http_ratelimit/entrypoint")).result())
        .isEqualTo(updated);
  }
}
