package dev.gitblobs.cloudflare.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScriptResourceTest extends ProviderTestCase {
  private static final String TYPE = "workersScript:WorkersScript";
  private static final String SCRIPT = A + "/workers/scripts/relay";

  /** sha256sum of the three bytes "one". */
  private static final String SHA256 =
      "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";

  private final String inputs;

  ScriptResourceTest(@TempDir Path folder) throws IOException {
    var bundle = Files.writeString(folder.resolve("worker.mjs"), "one");
    inputs =
        """
        {'accountId':'%s','scriptName':'relay','mainModule':'worker.mjs',
         'contentFile':'%s','contentSha256':'%s','compatibilityDate':'2026-11-01',
         'bindings':[{'name':'DB','type':'d1','databaseId':'u-1'},
                     {'name':'JWT_SECRET','type':'secret_text','text':'hush'}],
         'migrations':{'newTag':'v1','steps':[{'newSqliteClasses':['StoreHub']}]},
         'observability':{'enabled':true,'headSamplingRate':1},
         'annotations':{'workersTag':'abc'}}\
        """
            .formatted(ACCOUNT, bundle, SHA256);
  }

  @Test
  void uploadsTheModuleFirstAndThenItsMetadata() {
    cloudflare.result("PUT " + SCRIPT, "{\"id\":\"relay\",\"etag\":\"e1\"}");

    var made = engine.create(TYPE, inputs);

    var upload = cloudflare.only("PUT " + SCRIPT);
    assertThat(upload.contentType()).startsWith("multipart/form-data; boundary=");
    assertThat(upload.body())
        .containsSubsequence(
            "Content-Disposition: form-data; name=\"worker.mjs\"; filename=\"worker.mjs\"\r\n",
            "Content-Type: application/javascript+module\r\n\r\none\r\n",
            "Content-Disposition: form-data; name=\"metadata\"\r\n",
            "Content-Type: application/json\r\n\r\n{")
        .contains(
            "\"main_module\":\"worker.mjs\"",
            "{\"name\":\"DB\",\"type\":\"d1\",\"database_id\":\"u-1\"}",
            "\"migrations\":{\"new_tag\":\"v1\",\"steps\":[{\"new_sqlite_classes\":[\"StoreHub\"]}]}",
            "\"observability\":{\"enabled\":true,\"head_sampling_rate\":1}",
            "\"annotations\":{\"workers/tag\":\"abc\"}")
        .doesNotContain("content_file", "script_name");
    assertThat(made.getId()).isEqualTo("relay");
    assertThat(json(made.getProperties())).contains("\"etag\":\"e1\"").doesNotContain("\"one\"");
  }

  @Test
  void keepsEverySecretOfABindingSecretInTheState() {
    cloudflare.result("PUT " + SCRIPT, "{\"id\":\"relay\"}");

    var made = engine.create(TYPE, inputs).getProperties();

    assertThat(binding(made, 1).getFieldsOrThrow("text").hasStructValue()).isTrue();
    assertThat(made.toString().split("hush", -1)).hasSize(2);
  }

  @Test
  void updatesAChangedBundleInPlace() {
    var diff = engine.diff(TYPE, inputs, inputs.replace(SHA256, "0".repeat(64)));

    assertThat(diff.getDiffsList()).containsExactly("contentSha256");
    assertThat(diff.getReplacesList()).isEmpty();
  }

  @Test
  void pointsAtTheFieldThatDiffers() {
    var diff = engine.diff(TYPE, inputs, inputs.replace("hush", "new"));

    assertThat(diff.getDetailedDiffMap()).containsOnlyKeys("bindings[1].text");
  }

  @Test
  void seesThatAnAppliedMigrationIsNoLongerAskedFor() {
    var without = inputs.replaceAll("'migrations':\\{.*\\]\\},", "");

    assertThat(engine.diff(TYPE, inputs, without).getDiffsList()).containsExactly("migrations");
  }

  @Test
  void readsNoDriftInAScriptThatIsAsItWasUploaded() {
    live("{\"name\":\"JWT_SECRET\",\"type\":\"secret_text\"}", "one");

    var read = engine.read(TYPE, "relay", inputs);

    assertThat(Wire.toJson(read.getInputs())).isEqualTo(Wire.toJson(ProviderClient.struct(inputs)));
    assertThat(json(read.getProperties())).contains("\"migrationTag\":\"v1\"");
  }

  @Test
  void readsCodeThatWasChangedBehindItsBackAsDrift() {
    live("{\"name\":\"JWT_SECRET\",\"type\":\"secret_text\"}", "two");

    assertThat(json(engine.read(TYPE, "relay", inputs).getInputs())).doesNotContain(SHA256);
  }

  @Test
  void readsASecretThatWasRemovedAsDriftAndHidesThoseItDoesNotManage() {
    live("{\"name\":\"OTHER\",\"type\":\"secret_text\"}", "one");

    assertThat(json(engine.read(TYPE, "relay", inputs).getInputs()))
        .doesNotContain("JWT_SECRET")
        .doesNotContain("OTHER");
  }

  @Test
  void readsTheModuleOutOfAForm() {
    live("{\"name\":\"JWT_SECRET\",\"type\":\"secret_text\"}", "unused");
    cloudflare.raw(
        "GET " + SCRIPT + "/content/v2",
        200,
        "multipart/form-data; boundary=b",
        "--b\r\nContent-Disposition: form-data; name=\"worker.mjs\"\r\n\r\none\r\n--b--\r\n");
    engine.read(TYPE, "relay", inputs);

    assertThat(json(engine.read(TYPE, "relay", inputs).getInputs())).contains(SHA256);
  }

  @Test
  void saysThatAnAnswerHasNoSettings() {
    cloudflare
        .result("GET " + A + "/workers/services/relay", "{}")
        .result("GET " + SCRIPT + "/settings", "null");

    assertFails(() -> engine.read(TYPE, "relay", inputs))
        .withMessageContaining("/settings was answered without settings");
  }

  @Test
  void importsAScriptWithWhatCloudflareChoseForIt() {
    live("{\"name\":\"JWT_SECRET\",\"type\":\"secret_text\"}", "one");

    var read = engine.read(TYPE, ACCOUNT + "/relay", "{}");

    assertThat(read.getId()).isEqualTo("relay");
    assertThat(json(read.getInputs()))
        .contains("\"usageModel\":\"standard\"", SHA256, "\"databaseId\":\"u-1\"")
        .doesNotContain("JWT_SECRET");
  }

  @Test
  void tellsTheEngineThatTheScriptIsGone() {
    cloudflare.fails("GET " + A + "/workers/services/relay", 404, 10090, "gone");

    assertThat(engine.read(TYPE, "relay", inputs).getId()).isEmpty();
  }

  @Test
  void refusesABundleThatIsNotTheOneThatWasPlanned() {
    assertThat(engine.check(TYPE, inputs.replace(SHA256, "0".repeat(64))).getFailuresList())
        .extracting(failure -> failure.getReason())
        .containsExactly("contentSha256: is not the hash of contentFile");
  }

  @Test
  void namesABundleThatIsMissing() {
    var missing = inputs.replace("worker.mjs','contentSha256", "gone.mjs','contentSha256");

    assertThat(engine.check(TYPE, missing.replace("\n", "")).getFailuresList())
        .singleElement()
        .satisfies(failure -> assertThat(failure.getReason()).contains("gone.mjs", "build it"));
  }

  @Test
  void passesARefusedMigrationTagOnWithItsReason() {
    cloudflare.fails("PUT " + SCRIPT, 412, 10079, "Actor migration tag precondition failed");

    assertFails(() -> engine.create(TYPE, inputs))
        .withMessageContaining("412: Actor migration tag precondition failed [code 10079]");
  }

  @Test
  void sendsDurableObjectMigrationsOnlyOnceThoughTheAnswerIsLost() {
    cloudflare.fails("PUT " + SCRIPT, 500, 10013, "the answer of a call that took effect");

    assertFails(() -> engine.create(TYPE, inputs)).withMessageContaining("500");

    assertThat(cloudflare.calls()).hasSize(1);
  }

  private void live(String secretBinding, String code) {
    cloudflare
        .result(
            "GET " + A + "/workers/services/relay",
            "{\"default_environment\":{\"script\":{\"etag\":\"e\",\"migration_tag\":\"v1\"}}}")
        .result(
            "GET " + SCRIPT + "/settings",
            "{\"bindings\":["
                + secretBinding
                + ",{\"name\":\"DB\",\"type\":\"d1\",\"id\":\"u-1\",\"database_id\":\"u-1\"}],"
                + "\"compatibility_date\":\"2026-11-01\",\"usage_model\":\"standard\","
                + "\"observability\":{\"enabled\":true,\"head_sampling_rate\":1.0},"
                + "\"annotations\":{\"workers/tag\":\"abc\",\"workers/triggered_by\":\"upload\"}}")
        .raw("GET " + SCRIPT + "/content/v2", 200, "application/javascript+module", code);
  }

  private static Struct binding(Struct properties, int index) {
    return properties.getFieldsOrThrow("bindings").getListValue().getValues(index).getStructValue();
  }
}
