package dev.gitblobs.cloudflare.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ApiFailureTest {
  private static final ApiRequest GET = ApiRequest.of("GET", "/zones");
  private static final ApiRequest POST = ApiRequest.of("POST", "/zones", Json.object());

  private final FakeCloudflare cloudflare = new FakeCloudflare();
  private final CloudflareApi api = api(cloudflare.baseUrl());

  @AfterEach
  void stop() {
    cloudflare.close();
  }

  @Test
  void tellsWhatWasTriedAndWhatCameBack() {
    cloudflare.fails("POST /zones", 409, 7502, "That name is taken");

    assertThatThrownBy(() -> api.result(POST))
        .hasMessage("POST /zones was answered 409: That name is taken [code 7502]");
  }

  @Test
  void pointsAtTheTokenWhenItIsRefused() {
    cloudflare.fails("GET /zones", 403, 9109, "Unauthorized");

    assertThatThrownBy(() -> api.result(GET))
        .hasMessageContaining("check the API token")
        .hasMessageNotContaining(ProviderClient.TOKEN);
  }

  @Test
  void tellsWhereNobodyAnswered() {
    cloudflare.close();

    assertThatThrownBy(() -> api.result(GET))
        .hasMessageContaining("GET /zones: no answer from " + cloudflare.baseUrl());
  }

  @Test
  void bearsAnAnswerThatIsNoEnvelope() {
    cloudflare.raw("GET /zones", 502, "text/html", "<html>");

    assertThatThrownBy(() -> api.result(GET))
        .hasMessageContaining("502: not Cloudflare's envelope");
  }

  @Test
  void repeatsACallThatWasTooMuch() {
    cloudflare.fails("POST /zones", 429, 971, "Slow down").result("POST /zones", "{\"id\":1}");

    assertThat(api.result(POST).path("id").asInt()).isEqualTo(1);
  }

  @Test
  void repeatsOnlyWhatHasNoSecondEffectAfterAServerError() {
    cloudflare
        .fails("GET /zones", 500, 1, "oops")
        .result("GET /zones", "[]")
        .fails("POST /zones", 500, 1, "oops");

    assertThat(api.result(GET)).isEmpty();
    assertThatThrownBy(() -> api.result(POST)).hasMessageContaining("500: oops");
    assertThat(cloudflare.calls()).hasSize(3);
  }

  @Test
  void doesNotRepeatWhatTheAnswerForbids() {
    cloudflare.fails("GET /zones", 500, 1, "oops", Map.of("x-should-retry", "false"));

    assertThatThrownBy(() -> api.result(GET)).hasMessageContaining("500: oops");
    assertThat(cloudflare.calls()).hasSize(1);
  }

  @Test
  void givesUpAfterFourTries() {
    cloudflare.fails("GET /zones", 503, 1, "busy");

    assertThatThrownBy(() -> api.result(GET)).hasMessageContaining("503: busy");
    assertThat(cloudflare.calls()).hasSize(4);
  }

  private static CloudflareApi api(String baseUrl) {
    return new CloudflareApi(
        new ProviderConfig(baseUrl, ProviderClient.TOKEN), Duration.ofMillis(1));
  }
}
