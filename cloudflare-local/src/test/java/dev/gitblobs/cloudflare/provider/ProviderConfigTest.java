package dev.gitblobs.cloudflare.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import org.junit.jupiter.api.Test;
import pulumirpc.Provider.ConfigureRequest;

final class ProviderConfigTest extends ProviderTestCase {
  @Test
  void saysWhichGenuineVersionItStandsFor() {
    var info = engine.stub().getPluginInfo(Empty.getDefaultInstance());

    assertThat(info.getVersion()).isEqualTo("6.17.0");
  }

  @Test
  void refusesATokenThatCannotBeOne() {
    assertThat(engine.checkConfig("{'apiToken':'short'}").getFailuresList())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.getProperty()).isEqualTo("apiToken");
              assertThat(failure.getReason()).contains("40 to 80").doesNotContain("short");
            });
  }

  @Test
  void refusesABaseUrlThatIsNone() {
    var config = "{'apiToken':'" + ProviderClient.TOKEN + "','baseUrl':'ftp://x'}";

    assertThat(engine.checkConfig(config).getFailuresList())
        .extracting(failure -> failure.getProperty())
        .containsExactly("baseUrl");
  }

  @Test
  void saysHowToGiveAMissingToken() {
    assertFails(() -> engine.stub().configure(ConfigureRequest.getDefaultInstance()))
        .withMessageContaining("cloudflare:apiToken");
  }

  @Test
  void keepsEnginesApartThatAreAttachedAtOnce() {
    try (var other = new FakeCloudflare();
        var second = new ProviderClient(server).configured(other.baseUrl())) {
      cloudflare.result("POST " + A + "/d1/database", "{\"uuid\":\"first\"}");
      other.result("POST " + A + "/d1/database", "{\"uuid\":\"second\"}");
      var inputs = "{'accountId':'" + ACCOUNT + "','name':'relay'}";

      assertThat(second.create("d1Database:D1Database", inputs).getId()).isEqualTo("second");
      assertThat(engine.create("d1Database:D1Database", inputs).getId()).isEqualTo("first");
    }
  }

  @Test
  void refusesAnEngineThatHasNotConfiguredIt() {
    try (var stranger = new ProviderClient(server)) {
      assertFails(() -> stranger.delete("workersRoute:WorkersRoute", "1", "{'zoneId':'z'}"))
          .withMessageContaining("not configured");
    }
  }

  @Test
  void namesTheTypesItKnowsWhenAskedForAnother() {
    assertFails(() -> engine.create("r2Bucket:R2Bucket", "{}"))
        .withMessageContaining("cloudflare:index/r2Bucket:R2Bucket")
        .withMessageContaining("cloudflare:index/d1Database:D1Database");
  }
}
