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
