package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.LocalCloudflare.Answer;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ZonesTest {
  private LocalCloudflare cloudflare;

  @BeforeAll
  void start() {
    cloudflare = LocalCloudflare.shared();
    cloudflare
        .send(
            "PUT",
            cloudflare.account("/workers/scripts/routed"),
            ScriptUpload.of("export default { fetch: () => new Response('routed') };"))
        .expect(200);
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
    String part = "{\"value\":{\"strict_transport_security\":{\"max_age\":600}}}";
    JsonNode merged = cloudflare.send("PATCH", path, part).result().at("/value");
    assertThat(merged.at("/strict_transport_security/max_age").asInt()).isEqualTo(600);
    assertThat(merged.at("/strict_transport_security/enabled").asBoolean()).isTrue();
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
  void leavesACustomDomainWithItsWorkerUnlessToldToTakeIt() {
    upload("owner");
    domain("{\"hostname\":\"owned.relay.test\",\"service\":\"owner\"}").expect(200);
    String taking = "{\"hostname\":\"owned.relay.test\",\"service\":\"routed\"%s}";

    Answer refused = domain(taking.formatted(""));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.errorCode()).isEqualTo(100116);
    domain(taking.formatted(",\"override_existing_origin\":true")).expect(200);
    assertThat(domainsOf("owner")).isEmpty();
    assertThat(domainsOf("routed")).contains("owned.relay.test");
  }

  @Test
  void foreseesAndMakesTheWholeSetOfAWorkersDomains() {
    upload("many");
    upload("one");
    domain("{\"hostname\":\"left.relay.test\",\"service\":\"many\"}").expect(200);
    domain("{\"hostname\":\"moved.relay.test\",\"service\":\"one\"}").expect(200);
    String path = cloudflare.account("/workers/scripts/many/domains");
    String origins = "[{\"hostname\":\"moved.relay.test\"},{\"hostname\":\"new.relay.test\"}]";

    JsonNode changes =
        cloudflare.send("POST", path + "/changeset?replace_state=true", origins).result();
    assertThat(changes.get("added").findValuesAsText("hostname")).containsExactly("new.relay.test");
    assertThat(changes.get("updated").findValuesAsText("hostname"))
        .containsExactly("moved.relay.test");
    assertThat(changes.at("/updated/0/modified").asBoolean()).isTrue();
    assertThat(changes.get("removed").findValuesAsText("hostname"))
        .containsExactly("left.relay.test");

    String records = "{\"override_scope\":true,\"override_existing_origin\":%s,\"origins\":%s}";
    assertThat(
            cloudflare
                .send("PUT", path + "/records", records.formatted(false, origins))
                .errorCode())
        .isEqualTo(100116);
    assertThat(domainsOf("many")).containsExactly("left.relay.test");
    cloudflare.send("PUT", path + "/records", records.formatted(true, origins)).expect(200);
    assertThat(domainsOf("many")).containsExactlyInAnyOrder("moved.relay.test", "new.relay.test");
  }

  private void upload(String name) {
    ScriptUpload upload = ScriptUpload.of("export default { fetch: () => new Response('x') };");
    cloudflare.send("PUT", cloudflare.account("/workers/scripts/" + name), upload).expect(200);
  }

  private Answer domain(String json) {
    return cloudflare.send("PUT", cloudflare.account("/workers/domains"), json);
  }

  private List<String> domainsOf(String service) {
    return cloudflare
        .get(cloudflare.account("/workers/domains?service=" + service))
        .result()
        .findValuesAsText("hostname");
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
