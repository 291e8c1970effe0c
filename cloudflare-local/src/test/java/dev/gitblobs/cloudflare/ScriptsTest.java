package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.LocalCloudflare.Answer;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import java.net.URI;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScriptsTest {
  static final String COUNTER =
      """
      import { DurableObject } from "cloudflare:workers";
      export class Counter extends DurableObject {
        async fetch() {
          const n = ((await this.ctx.storage.get("n")) ?? 0) + 1;
          await this.ctx.storage.put("n", n);
          return new Response(String(n));
        }
      }
      export default {
        fetch: (request, env) => env.COUNTER.get(env.COUNTER.idFromName("one")).fetch(request),
      };
      """;

  private LocalCloudflare cloudflare;

  @BeforeAll
  void start() {
    cloudflare = LocalCloudflare.shared();
  }

  @Test
  void runsWhatWasUploadedWithItsBindings() {
    String uuid =
        cloudflare
            .send("POST", cloudflare.account("/d1/database"), "{\"name\":\"bound\"}")
            .result()
            .get("uuid")
            .asText();
    ScriptUpload upload =
        ScriptUpload.of(
                """
                export default {
                  async fetch(request, env) {
                    const row = await env.DB.prepare("SELECT 41 + 1 AS answer").first();
                    return Response.json({ ...row, plain: env.PLAIN, secret: env.SECRET,
                      list: env.LIST, version: env.VERSION.id,
                      limited: (await env.LIMIT.limit({ key: "k" })).success,
                      ip: request.headers.get("cf-connecting-ip") });
                  },
                };
                """)
            .database("DB", uuid)
            .plain("PLAIN", "p")
            .secret("SECRET", "s");
    upload.binding("LIST", "json").putArray("json").add(1);
    upload.binding("VERSION", "version_metadata");
    upload
        .binding("LIMIT", "ratelimit")
        .put("namespace_id", "1")
        .putObject("simple")
        .put("limit", 5)
        .put("period", 10);
    JsonNode uploaded = put("bindings", upload).result();
    assertThat(cloudflare.text(cloudflare.worker("bindings")))
        .isEqualTo(
            "{\"answer\":42,\"plain\":\"p\",\"secret\":\"s\",\"list\":[1],\"version\":\""
                + uploaded.get("deployment_id").asText()
                + "\",\"limited\":true,\"ip\":\"127.0.0.1\"}");
    assertThat(uploaded.get("handlers").toString()).isEqualTo("[\"fetch\"]");
  }

  @Test
  void tellsSettingsExactlyAsTheyWereSetButNoSecret() {
    ScriptUpload upload =
        ScriptUpload.of("export default { fetch: () => new Response() };")
            .plain("B", "b")
            .secret("A", "hidden");
    upload.metadata().put("usage_model", "standard").put("logpush", false);
    upload.metadata().putObject("observability").put("enabled", true).put("head_sampling_rate", 1);
    put("exact", upload).expect(200);
    assertThat(cloudflare.get(script("exact") + "/settings").result().toString())
        .isEqualTo(
            "{\"bindings\":[{\"name\":\"B\",\"type\":\"plain_text\",\"text\":\"b\"},"
                + "{\"name\":\"A\",\"type\":\"secret_text\"}],"
                + "\"placement\":{},\"compatibility_flags\":[],"
                + "\"compatibility_date\":\"2026-11-01\",\"usage_model\":\"standard\","
                + "\"logpush\":false,\"tags\":[],\"tail_consumers\":[],"
                + "\"observability\":{\"enabled\":true,\"head_sampling_rate\":1}}");
  }

  @Test
  void tellsTheContentThatWasUploaded() {
    put("content", ScriptUpload.of("export default {}; // mine")).expect(200);
    Answer content = cloudflare.get(script("content") + "/content/v2");
    assertThat(content.response().headers().firstValue("cf-entrypoint")).contains("worker.mjs");
    assertThat(content.response().body()).contains("name=\"worker.mjs\"", "// mine");
  }

  @Test
  void appliesMigrationsAndListsTheirTag() {
    put("counter", counter().newClass("v1", "Counter")).expect(200);
    URI url = cloudflare.worker("counter");
    assertThat(cloudflare.text(url)).isEqualTo("1");
    JsonNode scripts = cloudflare.get(cloudflare.account("/workers/scripts")).result();
    assertThat(scripts.findValuesAsText("migration_tag")).contains("v1");
    put("counter", counter()).expect(200);
    assertThat(cloudflare.text(url)).isEqualTo("2");
  }

  @Test
  void refusesAStaticMigrationBlockOnTheSecondDeploy() {
    put("trap", counter().newClass("v1", "Counter")).expect(200);
    Answer second = put("trap", counter().newClass("v1", "Counter"));
    assertThat(second.status()).isEqualTo(412);
    assertThat(second.errorCode()).isEqualTo(10079);
    assertThat(second.errorMessage())
        .isEqualTo("Actor migration tag precondition failed, got tag '' when expected tag is 'v1'");
  }

  @Test
  void keepsObjectsOfARenamedClass() {
    put("renamed", counter().newClass("v1", "Counter")).expect(200);
    URI url = cloudflare.worker("renamed");
    assertThat(cloudflare.text(url)).isEqualTo("1");
    ScriptUpload upload =
        ScriptUpload.of(COUNTER.replace("class Counter", "class Tally"))
            .durableObject("COUNTER", "Tally");
    var migrations =
        upload.metadata().putObject("migrations").put("old_tag", "v1").put("new_tag", "v2");
    migrations.putArray("renamed_classes").addObject().put("from", "Counter").put("to", "Tally");
    put("renamed", upload).expect(200);
    assertThat(cloudflare.text(url)).isEqualTo("2");
  }

  @Test
  void refusesABindingToAClassWithoutMigration() {
    Answer refused = put("unmigrated", counter());
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errorCode()).isEqualTo(10061);
  }

  @Test
  void refusesAClassThatIsNotExported() {
    Answer refused =
        put(
            "unexported",
            ScriptUpload.of("export default {};")
                .durableObject("HUB", "Hub")
                .newClass("v1", "Hub"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errorCode()).isEqualTo(10070);
  }

  @Test
  void changesNothingWhenAScriptThrowsAtStart() {
    put("stable", ScriptUpload.of("export default { fetch: () => new Response('good') };"))
        .expect(200);
    Set<Long> before = processes();
    Answer refused = put("stable", ScriptUpload.of("throw new Error('boom');"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errorCode()).isEqualTo(10021);
    assertThat(refused.errorMessage()).contains("Uncaught Error: boom").contains("worker.mjs:1:7");
    assertThat(cloudflare.text(cloudflare.worker("stable"))).isEqualTo("good");
    assertThat(processes()).isEqualTo(before);
  }

  @Test
  void refusesADatabaseThatDoesNotExist() {
    Answer refused =
        put("unbound", ScriptUpload.of("export default {};").database("DB", "missing"));
    assertThat(refused.errorCode()).isEqualTo(10021);
    assertThat(refused.errorMessage()).contains("'missing' which was not found");
  }

  @Test
  void keepsSecretsThatTheUploadAsksToKeep() {
    ScriptUpload first =
        ScriptUpload.of("export default { fetch: (r, env) => new Response(env.S) };")
            .secret("S", "kept");
    put("keeping", first).expect(200);
    ScriptUpload second =
        ScriptUpload.of("export default { fetch: (r, env) => new Response(env.S + '!') };");
    second.metadata().putArray("keep_bindings").add("secret_text");
    put("keeping", second).expect(200);
    assertThat(cloudflare.text(cloudflare.worker("keeping"))).isEqualTo("kept!");
  }

  @Test
  void answersError1101ForAnUncaughtException() {
    put("throwing", ScriptUpload.of("export default { fetch() { throw new Error('x'); } };"))
        .expect(200);
    assertThat(cloudflare.text(cloudflare.worker("throwing"))).isEqualTo("error code: 1101");
  }

  @Test
  void deletesAScript() {
    put("gone", ScriptUpload.of("export default {};")).expect(200);
    cloudflare.delete(script("gone")).expect(200);
    assertThat(cloudflare.get(script("gone") + "/settings").errorCode()).isEqualTo(10007);
    Answer service = cloudflare.get(cloudflare.account("/workers/services/gone"));
    assertThat(service.status()).isEqualTo(404);
    assertThat(service.errorCode()).isEqualTo(10090);
  }

  @Test
  void refusesAMalformedUpload() {
    Answer noMultipart = cloudflare.send("PUT", script("malformed"), "{}");
    assertThat(noMultipart.status()).isEqualTo(400);
    ScriptUpload noMain = ScriptUpload.of("export default {};");
    noMain.metadata().put("main_module", "other.mjs");
    Answer missing = put("malformed", noMain);
    assertThat(missing.status()).isEqualTo(400);
    assertThat(missing.errorMessage()).contains("other.mjs");
  }

  private Set<Long> processes() {
    return cloudflare.process().descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
  }

  private static ScriptUpload counter() {
    return ScriptUpload.of(COUNTER).durableObject("COUNTER", "Counter");
  }

  private Answer put(String name, ScriptUpload upload) {
    return cloudflare.send("PUT", script(name), upload);
  }

  private String script(String name) {
    return cloudflare.account("/workers/scripts/" + name);
  }
}
