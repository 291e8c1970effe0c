package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.LocalCloudflare.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnvelopeTest {
  private LocalCloudflare cloudflare;

  @BeforeAll
  void start() {
    cloudflare = LocalCloudflare.shared();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer ", "Bearer wrong", "Basic abc"})
  void refusesWithoutAValidToken(String authorization) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create(cloudflare.apiUrl() + cloudflare.account("/d1/database")));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    var response = cloudflare.http(request);
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body())
        .isEqualTo(
            "{\"success\":false,\"errors\":[{\"code\":10000,\"message\":\"Authentication error\"}],"
                + "\"messages\":[],\"result\":null}");
  }

  @Test
  void refusesAnotherAccountAndAnotherZone() {
    String other = "0123456789abcdef0123456789abcdef";
    for (String path : new String[] {"/accounts/" + other + "/d1/database", "/zones/" + other}) {
      Answer answer = cloudflare.get(path);
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.errorCode()).isEqualTo(9109);
    }
  }

  @Test
  void tellsThatAnUnknownRouteLeadsNowhere() {
    Answer answer = cloudflare.get(cloudflare.account("/no/such/thing"));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.errorCode()).isEqualTo(7003);
    assertThat(answer.response().headers().firstValue("x-should-retry")).contains("false");
  }

  @Test
  void refusesAMethodThatTheRouteDoesNotKnow() {
    assertThat(cloudflare.delete(cloudflare.account("/d1/database")).status()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"name\":\"a\"} junk", "{\"name\":1}", "\u0000"})
  void refusesABadBody(String body) {
    Answer answer = cloudflare.send("POST", cloudflare.account("/d1/database"), body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().get("success").asBoolean()).isFalse();
  }

  @Test
  void verifiesItsToken() {
    JsonNode token = cloudflare.get("/user/tokens/verify").result();
    assertThat(token.get("status").asText()).isEqualTo("active");
  }

  @Test
  void tellsItsAccountAndMembership() {
    assertThat(cloudflare.get("/accounts").result().at("/0/id").asText())
        .isEqualTo(cloudflare.accountId());
    assertThat(cloudflare.get("/memberships").result().at("/0/account/id").asText())
        .isEqualTo(cloudflare.accountId());
  }

  @Test
  void answersInjectedErrorsAsOftenAsAskedAndLetsClientsRetryThem() {
    cloudflare
        .send(
            "POST",
            "/local/faults",
            "{\"path\":\"/accounts\",\"status\":429,\"code\":971,\"times\":2}")
        .expect(200);
    for (int i = 0; i < 2; i++) {
      Answer answer = cloudflare.get("/accounts");
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.errorCode()).isEqualTo(971);
      assertThat(answer.response().headers().firstValue("x-should-retry")).isEmpty();
    }
    cloudflare.get("/accounts").expect(200);
  }

  @Test
  void cutsTheConnectionWhenAskedTo() {
    cloudflare
        .send(
            "POST",
            "/local/faults",
            "{\"path\":\"/memberships\",\"method\":\"DELETE\",\"status\":0}")
        .expect(200);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> cloudflare.delete("/memberships"))
        .isInstanceOf(java.io.UncheckedIOException.class);
    cloudflare.get("/memberships").expect(200);
  }

  @Test
  void losesOnlyTheAnswerWhenAskedTo() {
    cloudflare
        .send("POST", "/local/faults", "{\"path\":\".*/d1/database\",\"status\":0,\"after\":true}")
        .expect(200);
    String database = "{\"name\":\"made-unheard\"}";
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> cloudflare.send("POST", cloudflare.account("/d1/database"), database))
        .isInstanceOf(java.io.UncheckedIOException.class);
    assertThat(cloudflare.get(cloudflare.account("/d1/database")).result().findValuesAsText("name"))
        .contains("made-unheard");
  }

  @Test
  void tellsWhatItWasCalled() {
    cloudflare.delete("/local/calls").expect(200);
    cloudflare.get(cloudflare.account("/d1/database?per_page=5")).expect(200);
    cloudflare.get(cloudflare.account("/no/such/thing")).expect(404);

    assertThat(cloudflare.get("/local/calls").result().valueStream().map(JsonNode::toString))
        .containsExactly(
            "{\"method\":\"GET\",\"path\":\""
                + cloudflare.account("/d1/database")
                + "\",\"status\":200}",
            "{\"method\":\"GET\",\"path\":\""
                + cloudflare.account("/no/such/thing")
                + "\",\"status\":404}");
  }

  @Test
  void aTokenMayDoWhatItsScopesSayAndNoMore() {
    JsonNode token =
        cloudflare
            .send(
                "POST",
                cloudflare.account("/tokens"),
                "{\"name\":\"ci\",\"policies\":[{\"effect\":\"allow\",\"permission_groups\":"
                    + "[{\"id\":\"D1 Read\"},{\"id\":\"Workers Routes Write\"}]}]}")
            .result();
    String value = token.get("value").asText();
    assertThat(statusWith(value, "GET", cloudflare.account("/d1/database"))).isEqualTo(200);
    assertThat(statusWith(value, "POST", cloudflare.account("/d1/database"))).isEqualTo(403);
    assertThat(statusWith(value, "GET", cloudflare.account("/workers/scripts"))).isEqualTo(403);
    assertThat(statusWith(value, "GET", cloudflare.zone("/workers/routes"))).isEqualTo(200);
    assertThat(statusWith(value, "GET", "/user/tokens/verify")).isEqualTo(200);
    String one = cloudflare.account("/tokens/" + token.get("id").asText());
    assertThat(cloudflare.get(one).expect(200).toString()).doesNotContain(value);
    cloudflare.delete(one).expect(200);
    assertThat(statusWith(value, "GET", cloudflare.account("/d1/database"))).isEqualTo(401);
  }

  private int statusWith(String token, String method, String path) {
    return cloudflare
        .http(
            HttpRequest.newBuilder(URI.create(cloudflare.apiUrl() + path))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString("")))
        .statusCode();
  }
}
