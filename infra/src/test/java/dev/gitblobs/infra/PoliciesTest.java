package dev.gitblobs.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PoliciesTest {
  private static final Path MANIFEST = Path.of("../worker/bindings.json");
  private static final Map<String, String> OWN_HOST =
      Map.of("zoneId", "a".repeat(32), "hostname", "relay.example.com");

  @Test
  void letsEveryEnvironmentOfTheRepositoryPass() {
    assertThat(violations("local", Map.of("workersDev", "true"))).isEmpty();
    assertThat(violations("dev", Map.of("workersDev", "true"))).isEmpty();
    assertThat(violations("staging", OWN_HOST)).isEmpty();
    assertThat(violations("prod", OWN_HOST)).isEmpty();
  }

  @Test
  void refusesWorkersDevInProduction() {
    assertThat(violations("prod", with(OWN_HOST, "workersDev", "true")))
        .singleElement()
        .asString()
        .startsWith("no workers.dev in prod");
  }

  @Test
  void refusesProductionWithoutAHostNameOfItsOwn() {
    assertThat(violations("prod", Map.of()))
        .singleElement()
        .asString()
        .startsWith("HTTPS always: prod needs its own host name");
  }

  @Test
  void refusesProductionThatLeavesItsZonesTlsToAnotherStack() {
    assertThat(violations("prod", with(OWN_HOST, "ownsZone", "false")))
        .singleElement()
        .asString()
        .startsWith("HTTPS always: prod has to set its zone's redirect to https");
    assertThat(violations("staging", with(OWN_HOST, "ownsZone", "false"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"prod,production", "prod,pr-1", "prod,local", "prod-eu,eu", "production,live"})
  void holdsAProductionStackToTheRulesWhateverItsEnvironmentIsCalled(
      String stack, String environment) {
    var settings = Map.of("environment", environment, "workersDev", "true");

    assertThat(violations(stack, settings))
        .anyMatch(it -> it.startsWith("no workers.dev in prod"))
        .anyMatch(it -> it.startsWith("HTTPS always: prod needs its own host name"));
  }

  @Test
  void holdsAnEnvironmentCalledProdToTheRulesWhateverItsStackIsCalled() {
    assertThat(violations("live", Map.of("environment", "prod")))
        .singleElement()
        .asString()
        .startsWith("HTTPS always");
  }

  @Test
  void refusesToTellBrowsersToForgetHttps() {
    assertThat(violations("staging", with(OWN_HOST, "hstsMaxAgeSeconds", "0")))
        .singleElement()
        .asString()
        .contains("hstsMaxAgeSeconds");
  }

  @Test
  void refusesAnOriginWithoutHttpsUnlessItIsThisMachine() {
    assertThat(
            violations(
                "dev", Map.of("allowedOrigins", "http://localhost:5173,http://app.example.com")))
        .singleElement()
        .asString()
        .contains("http://app.example.com");
  }

  @Test
  void refusesASecretThatIsBoundAsPlainText(@TempDir Path folder) throws IOException {
    var changed = Files.readString(MANIFEST).replace("\"ENVIRONMENT\"", "\"SMTP_PASSWORD\"");
    var manifest = WorkerManifest.read(Files.writeString(folder.resolve("b.json"), changed));

    assertThatThrownBy(() -> Policies.enforce(StackSettingsTest.read("dev", Map.of()), manifest))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("no plain secret")
        .hasMessageContaining("SMTP_PASSWORD");
  }

  private static List<String> violations(String stack, Map<String, String> settings) {
    return Policies.violations(
        StackSettingsTest.read(stack, settings), WorkerManifest.read(MANIFEST));
  }

  private static Map<String, String> with(Map<String, String> map, String key, String value) {
    var more = new HashMap<>(map);
    more.put(key, value);
    return more;
  }
}
