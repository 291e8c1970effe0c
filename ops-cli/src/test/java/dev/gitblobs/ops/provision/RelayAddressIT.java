package dev.gitblobs.ops.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.environment.Outputs;
import java.net.URI;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where a relay is reached, asked of a running local Cloudflare. */
final class RelayAddressIT {
  private static final String MODULE = "export default { fetch: () => new Response('hello') };";

  private static LocalCloudflare cloudflare;
  private static ApiClient api;

  @BeforeAll
  static void startCloudflare() {
    cloudflare = LocalCloudflare.shared();
    api = new ApiClient(URI.create(cloudflare.apiUrl()), cloudflare.token());
  }

  @Test
  void isTheAccountsWorkersDevNameWhereTheScriptAnswersThere() {
    upload("open", "{\"enabled\":true}");
    String account =
        cloudflare
            .get(cloudflare.account("/workers/subdomain"))
            .result()
            .path("subdomain")
            .asText();

    assertThat(RelayAddress.onWorkersDev(outputs("open"), api))
        .contains(URI.create("https://open." + account + ".workers.dev"));
  }

  @Test
  void isNoneWhereWorkersDevIsSwitchedOff() {
    upload("closed", "{\"enabled\":false}");

    assertThat(RelayAddress.onWorkersDev(outputs("closed"), api)).isEmpty();
  }

  @Test
  void isTheScriptsPortOnACloudflareOfThisMachineWhateverTheSettingsSay() {
    upload("here", "{\"enabled\":false}");

    assertThat(RelayAddress.find(outputs("here").withUrl("https://relay.example.com"), api))
        .contains(cloudflare.worker("here"));
  }

  private static void upload(String script, String subdomain) {
    String path = cloudflare.account("/workers/scripts/" + script);
    cloudflare.send("PUT", path, ScriptUpload.of(MODULE)).expect(200);
    cloudflare.send("POST", path + "/subdomain", subdomain).expect(200);
  }

  private static Outputs outputs(String script) {
    return new Outputs(cloudflare.accountId(), script, "-", "-", null);
  }
}
