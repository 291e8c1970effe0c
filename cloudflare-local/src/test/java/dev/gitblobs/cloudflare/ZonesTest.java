package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.LocalCloudflare.Answer;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ZonesTest {
  private LocalCloudflare cloudflare;

  @BeforeAll
  void start(@TempDir Path state) {
    cloudflare = LocalCloudflare.start(state);
    cloudflare
        .send(
            "PUT",
            cloudflare.account("/workers/scripts/routed"),
            ScriptUpload.of("export default { fetch: () => new Response('routed') };"))
        .expect(200);
  }

  @AfterAll
  void stop() {
    cloudflare.close();
  }

  @Test
  void findsAZoneByName() {
    assertThat(cloudflare.get("/zones?name=relay.test").result().at("/0/id").asText())
        .isEqualTo(cloudflare.zoneId());
    assertThat(cloudflare.get("/zones?name=other.test").result()).isEmpty();
  }

  @Test
  void tellsASettingAsItWasSet() {
    String path = cloudflare.zone("/settings/security_header");
    String value =
        "{\"strict_transport_security\":{\"enabled\":true,\"max_age\":31536000,"
            + "\"include_subdomains\":true,\"nosniff\":true,\"preload\":false}}";
    cloudflare.send("PATCH", path, "{\"value\":" + value + "}").expect(200);
    assertThat(cloudflare.get(path).result().get("value").toString()).isEqualTo(value);
  }

  @Test
  void refusesAnUnknownSettingAndABadValue() {
    assertThat(cloudflare.get(cloudflare.zone("/settings/nope")).errorCode()).isEqualTo(1006);
    Answer bad =
        cloudflare.send("PATCH", cloudflare.zone("/settings/min_tls_version"), "{\"value\":\"9\"}");
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.errorCode()).isEqualTo(1007);
  }

  @Test
  void keepsARouteUntilItIsDeleted() {
    JsonNode route = route("a.relay.test/*", "routed").result();
    String one = cloudflare.zone("/workers/routes/" + route.get("id").asText());
    assertThat(cloudflare.get(one).result().toString()).isEqualTo(route.toString());
    cloudflare
        .send("PUT", one, "{\"pattern\":\"b.relay.test/*\",\"script\":\"routed\"}")
        .expect(200);
    assertThat(cloudflare.get(one).result().get("pattern").asText()).isEqualTo("b.relay.test/*");
    cloudflare.delete(one).expect(200);
    assertThat(cloudflare.get(one).status()).isEqualTo(404);
  }

  @Test
  void refusesARouteThatIsTaken() {
    route("taken.relay.test/*", "routed").expect(200);
    Answer second = route("taken.relay.test/*", "routed");
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.errorCode()).isEqualTo(10020);
  }

  @Test
  void refusesARouteOutsideItsZoneOrToNoScript() {
    assertThat(route("example.com/*", "routed").status()).isEqualTo(400);
    assertThat(route("c.relay.test/*", "missing").status()).isEqualTo(400);
  }

  @Test
  void replacesSchedulesAsAWhole() {
    String path = cloudflare.account("/workers/scripts/routed/schedules");
    cloudflare
        .send("PUT", path, "[{\"cron\":\"17 * * * *\"},{\"cron\":\"0 0 * * SUN\"}]")
        .expect(200);
    cloudflare.send("PUT", path, "[{\"cron\":\"17 * * * *\"}]").expect(200);
    JsonNode schedules = cloudflare.get(path).result().get("schedules");
    assertThat(schedules.findValuesAsText("cron")).containsExactly("17 * * * *");
  }

  @Test
  void refusesAScheduleThatIsNoCron() {
    String path = cloudflare.account("/workers/scripts/routed/schedules");
    assertThat(cloudflare.send("PUT", path, "[{\"cron\":\"61 * * * *\"}]").status()).isEqualTo(400);
  }

  @Test
  void switchesTheSubdomainOfAScript() {
    String path = cloudflare.account("/workers/scripts/routed/subdomain");
    cloudflare.send("POST", path, "{\"enabled\":true,\"previews_enabled\":false}").expect(200);
    assertThat(cloudflare.get(path).result().toString())
        .isEqualTo("{\"enabled\":true,\"previews_enabled\":false}");
    cloudflare.delete(path).expect(200);
    assertThat(cloudflare.get(path).result().get("enabled").asBoolean()).isFalse();
  }

  private Answer route(String pattern, String script) {
    return cloudflare.send(
        "POST",
        cloudflare.zone("/workers/routes"),
        "{\"pattern\":\"" + pattern + "\",\"script\":\"" + script + "\"}");
  }
}
