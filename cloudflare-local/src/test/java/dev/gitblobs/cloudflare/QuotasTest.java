package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.LocalCloudflare.Answer;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What an account may not have more of, and what may not be larger. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuotasTest {
  private static final String SOURCE = "export default { fetch: () => new Response('x') };";
  private LocalCloudflare cloudflare;

  @BeforeAll
  void start(@TempDir Path state) {
    cloudflare = LocalCloudflare.start(state);
    upload("first", SOURCE).expect(200);
  }

  @AfterAll
  void stop() {
    cloudflare.close();
  }

  @AfterEach
  void liftTheQuotas() {
    quotas("{}");
  }

  @Test
  void refusesOneScriptTooManyButUpdatesThoseThatThereAre() {
    quotas("{\"scripts\":1}");

    assertThat(upload("second", SOURCE).errorCode()).isEqualTo(10037);
    upload("first", SOURCE).expect(200);
    quotas("{}");
    upload("second", SOURCE).expect(200);
  }

  @Test
  void refusesOneDatabaseTooMany() {
    quotas("{\"databases\":0}");

    Answer refused = database("one-too-many");
    assertThat(refused.errorCode()).isEqualTo(7406);
    assertThat(refused.errorMessage()).contains("databases per account (0)");
    quotas("{}");
    database("one-too-many").expect(200);
  }

  @Test
  void countsTheCronsOfAllScriptsButNotTheOnesThatAreReplaced() {
    upload("other", SOURCE).expect(200);
    quotas("{\"crons\":2}");

    schedules("first", "[{\"cron\":\"1 * * * *\"}]").expect(200);
    schedules("other", "[{\"cron\":\"2 * * * *\"}]").expect(200);
    schedules("other", "[{\"cron\":\"3 * * * *\"}]").expect(200);
    Answer refused = schedules("other", "[{\"cron\":\"3 * * * *\"},{\"cron\":\"4 * * * *\"}]");
    assertThat(refused.errorCode()).isEqualTo(10072);
  }

  @Test
  void refusesAScriptThatIsTooLargeAfterGzip() {
    Answer refused = upload("large", SOURCE + "//" + incompressible(14_000_000));
    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.errorCode()).isEqualTo(10027);
    assertThat(cloudflare.get(cloudflare.account("/workers/services/large")).status())
        .isEqualTo(404);
  }

  @Test
  void acceptsAScriptThatGzipMakesSmallEnough() {
    upload("repetitive", SOURCE + "//" + "0123456789".repeat(1_200_000)).expect(200);
  }

  /** Text that gzip makes no smaller than three quarters. */
  private static String incompressible(int length) {
    byte[] bytes = new byte[length / 4 * 3];
    new Random(1).nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private void quotas(String json) {
    cloudflare.send("PUT", "/local/quotas", json).expect(200);
  }

  private Answer upload(String name, String source) {
    String path = cloudflare.account("/workers/scripts/" + name);
    return cloudflare.send("PUT", path, ScriptUpload.of(source));
  }

  private Answer database(String name) {
    return cloudflare.send(
        "POST", cloudflare.account("/d1/database"), "{\"name\":\"" + name + "\"}");
  }

  private Answer schedules(String script, String json) {
    String path = cloudflare.account("/workers/scripts/" + script + "/schedules");
    return cloudflare.send("PUT", path, json);
  }
}
