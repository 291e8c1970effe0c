package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.LocalCloudflare.Answer;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VersionsTest {
  private LocalCloudflare cloudflare;

  @BeforeAll
  void start() {
    cloudflare = LocalCloudflare.shared();
  }

  @Test
  void anUploadOfAScriptIsAVersionAndADeployment() {
    put("first", saying("one"));
    JsonNode versions = versions("first");
    assertThat(versions).hasSize(1);
    JsonNode deployments = deployments("first");
    assertThat(deployments.at("/0/versions/0/version_id")).isEqualTo(versions.at("/0/id"));
    assertThat(deployments.at("/0/versions/0/percentage").asInt()).isEqualTo(100);
  }

  @Test
  void aVersionAnswersOnlyWhenItIsDeployed() {
    put("second", saying("one"));
    String version = upload("second", saying("two")).result().get("id").asText();
    assertThat(text("second")).isEqualTo("one");
    deploy("second", share(version, 100)).expect(200);
    assertThat(text("second")).isEqualTo("two");
  }

  @Test
  void aRollbackBringsTheOldCodeBack() {
    put("back", saying("old"));
    String old = versions("back").at("/0/id").asText();
    put("back", saying("new"));
    assertThat(text("back")).isEqualTo("new");
    deploy("back", share(old, 100)).expect(200);
    assertThat(text("back")).isEqualTo("old");
  }

  @Test
  void splitsTrafficAndHonoursTheOverrideAndTheKey() {
    put("split", saying("a"));
    String a = versions("split").at("/0/id").asText();
    String b = upload("split", saying("b")).result().get("id").asText();
    deploy("split", share(a, 50) + "," + share(b, 50)).expect(200);
    Set<String> seen = new HashSet<>();
    // 2^-99 is how seldom this misses one of them.
    for (int i = 0; i < 100; i++) {
      seen.add(text("split"));
    }
    assertThat(seen).containsExactlyInAnyOrder("a", "b");
    URI url = cloudflare.worker("split");
    for (int i = 0; i < 10; i++) {
      assertThat(with(url, "Cloudflare-Workers-Version-Overrides", "split=\"" + b + "\""))
          .isEqualTo("b");
    }
    Set<String> keyed = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      keyed.add(with(url, "Cloudflare-Workers-Version-Key", "user-1"));
    }
    assertThat(keyed).hasSize(1);
  }

  @Test
  void aVersionMayInheritBindings() {
    put("inherits", sayingSecret().secret("S", "kept"));
    ScriptUpload upload = sayingSecret();
    upload.binding("S", "inherit");
    String version = upload("inherits", upload).result().get("id").asText();
    deploy("inherits", share(version, 100)).expect(200);
    assertThat(text("inherits")).isEqualTo("kept");
    ScriptUpload missing = sayingSecret();
    missing.binding("NEVER", "inherit");
    assertThat(upload("inherits", missing).errorCode()).isEqualTo(10057);
  }

  @Test
  void refusesMigrationsInAVersionUpload() {
    put("migrating", saying("x"));
    ScriptUpload upload =
        ScriptUpload.of(ScriptsTest.COUNTER)
            .durableObject("COUNTER", "Counter")
            .newClass("v1", "Counter");
    Answer refused = upload("migrating", upload);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errorCode()).isEqualTo(10211);
  }

  @Test
  void refusesADeploymentThatDoesNotAddUpOrNamesNoVersion() {
    put("sums", saying("x"));
    String version = versions("sums").at("/0/id").asText();
    assertThat(deploy("sums", share(version, 50)).status()).isEqualTo(400);
    assertThat(deploy("sums", share("missing", 100)).status()).isEqualTo(404);
    assertThat(deploy("sums", "").status()).isEqualTo(400);
  }

  @Test
  void setsListsAndDeletesSecretsWithoutTellingThem() {
    put("secretive", sayingSecret());
    assertThat(text("secretive")).isEqualTo("undefined");
    putSecret("secretive", "S", "one").expect(200);
    assertThat(text("secretive")).isEqualTo("one");
    assertThat(cloudflare.get(script("secretive") + "/secrets").result().toString())
        .isEqualTo("[{\"name\":\"S\",\"type\":\"secret_text\"}]");
    cloudflare.delete(script("secretive") + "/secrets/S").expect(200);
    assertThat(text("secretive")).isEqualTo("undefined");
    assertThat(cloudflare.delete(script("secretive") + "/secrets/S").status()).isEqualTo(404);
  }

  @Test
  void changesManySecretsAtOnceOrNone() {
    put("bulk", sayingSecret().secret("OLD", "x"));
    String path = script("bulk") + "/secrets-bulk";
    cloudflare
        .send(
            "PATCH",
            path,
            "{\"secrets\":{\"S\":{\"name\":\"S\",\"type\":\"secret_text\",\"text\":\"bulk\"},"
                + "\"OLD\":null}}")
        .expect(200);
    assertThat(text("bulk")).isEqualTo("bulk");
    Answer refused =
        cloudflare.send(
            "PATCH",
            path,
            "{\"secrets\":{\"S\":null,\"T\":{\"name\":\"T\",\"type\":\"secret_text\"}}}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(text("bulk")).isEqualTo("bulk");
  }

  @Test
  void refusesASecretWhileTheLatestVersionIsNotDeployed() {
    put("pending", sayingSecret());
    upload("pending", sayingSecret()).expect(200);
    assertThat(putSecret("pending", "S", "x").errorCode()).isEqualTo(10215);
  }

  @Test
  void wayOutOfThatIsAVersionWithTheSecret() {
    put("way-out", sayingSecret());
    upload("way-out", sayingSecret()).expect(200);
    JsonNode version =
        cloudflare
            .send(
                "PATCH",
                cloudflare.account("/workers/workers/way-out/versions/latest"),
                "{\"env\":{\"S\":{\"type\":\"secret_text\",\"text\":\"out\"}}}")
            .result();
    assertThat(text("way-out")).isEqualTo("undefined");
    deploy("way-out", share(version.get("id").asText(), 100)).expect(200);
    assertThat(text("way-out")).isEqualTo("out");
  }

  @Test
  void rollingBackPastAChangedSecretNeedsForce() {
    put("forced", sayingSecret().secret("S", "one"));
    String old = versions("forced").at("/0/id").asText();
    putSecret("forced", "S", "two").expect(200);
    assertThat(deploy("forced", share(old, 100)).errorCode()).isEqualTo(10220);
    String body = "{\"strategy\":\"percentage\",\"versions\":[" + share(old, 100) + "]}";
    cloudflare.send("POST", script("forced") + "/deployments?force=true", body).expect(200);
    assertThat(text("forced")).isEqualTo("one");
  }

  private static ScriptUpload saying(String text) {
    return ScriptUpload.of("export default { fetch: () => new Response('" + text + "') };");
  }

  private static ScriptUpload sayingSecret() {
    return ScriptUpload.of("export default { fetch: (r, env) => new Response(String(env.S)) };");
  }

  private void put(String name, ScriptUpload upload) {
    cloudflare.send("PUT", script(name), upload).expect(200);
  }

  private Answer upload(String name, ScriptUpload upload) {
    return cloudflare.send("POST", script(name) + "/versions?bindings_inherit=strict", upload);
  }

  private Answer putSecret(String script, String name, String text) {
    return cloudflare.send(
        "PUT",
        script(script) + "/secrets",
        "{\"name\":\"" + name + "\",\"text\":\"" + text + "\",\"type\":\"secret_text\"}");
  }

  private JsonNode versions(String name) {
    return cloudflare.get(script(name) + "/versions").result().get("items");
  }

  private JsonNode deployments(String name) {
    return cloudflare.get(script(name) + "/deployments").result().get("deployments");
  }

  private Answer deploy(String name, String shares) {
    return cloudflare.send(
        "POST",
        script(name) + "/deployments",
        "{\"strategy\":\"percentage\",\"versions\":[" + shares + "]}");
  }

  private static String share(String version, int percentage) {
    return "{\"version_id\":\"" + version + "\",\"percentage\":" + percentage + "}";
  }

  private String text(String name) {
    return cloudflare.text(cloudflare.worker(name));
  }

  private String with(URI url, String header, String value) {
    return cloudflare.http(HttpRequest.newBuilder(url).header(header, value)).body();
  }

  private String script(String name) {
    return cloudflare.account("/workers/scripts/" + name);
  }
}
