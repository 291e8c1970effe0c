package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("full")
class RecoveryTest {
  private LocalCloudflare cloudflare;
  private String database = "";

  @BeforeEach
  void startWithACounterAndARow(@TempDir Path state) {
    cloudflare = LocalCloudflare.start(state);
    database =
        cloudflare
            .send("POST", cloudflare.account("/d1/database"), "{\"name\":\"kept\"}")
            .result()
            .get("uuid")
            .asText();
    query("CREATE TABLE t(a); INSERT INTO t VALUES (7)");
    ScriptUpload upload =
        ScriptUpload.of(ScriptsTest.COUNTER)
            .durableObject("COUNTER", "Counter")
            .secret("S", "kept")
            .newClass("v1", "Counter");
    cloudflare.send("PUT", cloudflare.account("/workers/scripts/counter"), upload).expect(200);
    assertThat(count()).isEqualTo("1");
  }

  @AfterEach
  void stop() {
    cloudflare.close();
  }

  @Test
  void bringsEverythingBackAfterARestart() {
    JsonNode before = cloudflare.instance();
    URI url = cloudflare.worker("counter");
    cloudflare.restart();
    for (String field : List.of("api_url", "provider_port", "account_id", "zone_id", "api_token")) {
      assertThat(cloudflare.instance().get(field)).as(field).isEqualTo(before.get(field));
    }
    assertThat(cloudflare.worker("counter")).isEqualTo(url);
    assertThat(count()).isEqualTo("2");
    assertThat(rows()).isEqualTo(7);
  }

  @Test
  void removesItsInstanceFileOnSigterm() {
    cloudflare.close();
    assertThat(cloudflare.state().resolve("instance.json")).doesNotExist();
  }

  @Test
  void leavesNoChildWhenKilledAndComesBackWithItsData() {
    // Fails when a child outlives it.
    cloudflare.kill();
    cloudflare.startAgain();
    assertThat(count()).isEqualTo("2");
    assertThat(rows()).isEqualTo(7);
  }

  @Test
  void healsAKilledWorkerd() throws Exception {
    ProcessHandle workerd = child("workerd");
    workerd.destroyForcibly();
    workerd.onExit().get(10, TimeUnit.SECONDS);
    assertThat(rows()).isEqualTo(7);
    assertThat(count()).isEqualTo("2");
  }

  @Test
  void healsAKilledNode() throws Exception {
    ProcessHandle workerd = child("workerd");
    ProcessHandle node = child("node");
    node.destroyForcibly();
    node.onExit().get(10, TimeUnit.SECONDS);
    assertThat(rows()).isEqualTo(7);
    workerd.onExit().get(10, TimeUnit.SECONDS);
    assertThat(count()).isEqualTo("2");
  }

  @Test
  void endsWhatAPredecessorLeftRunning() throws Exception {
    // Node is stopped first, so that it cannot clean up when its parent is killed.
    ProcessHandle node = child("node");
    new ProcessBuilder("kill", "-STOP", Long.toString(node.pid())).start().waitFor();
    cloudflare.process().destroyForcibly().waitFor();
    assertThat(node.isAlive()).isTrue();
    cloudflare.startAgain();
    assertThat(node.isAlive()).isFalse();
    assertThat(count()).isEqualTo("2");
  }

  @Test
  void refusesASecondServerOnTheSameState() throws Exception {
    Process second = LocalCloudflare.launch(cloudflare.state(), List.of());
    assertThat(second.waitFor()).isEqualTo(1);
    assertThat(Files.readString(cloudflare.state().resolve("serve.log")))
        .contains("Another cloudflare-local is serving");
    assertThat(rows()).isEqualTo(7);
  }

  @Test
  void refusesATakenPortWithAHint(@TempDir Path other) throws Exception {
    String port = cloudflare.apiUrl().replaceFirst(".*:(\\d+)/.*", "$1");
    Process second = LocalCloudflare.launch(other, List.of("--port", port));
    assertThat(second.waitFor()).isEqualTo(1);
    assertThat(Files.readString(other.resolve("serve.log"))).contains("Port " + port + " is taken");
  }

  @Test
  void takesTheTokenOfAFileAndKeepsSecretsFromOthers(@TempDir Path other) throws Exception {
    for (String file : List.of("instance.json", "identity.json", "account.json")) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(cloudflare.state().resolve(file))))
          .as(file)
          .isEqualTo("rw-------");
    }
    Path tokenFile = Files.writeString(other.resolve("token"), "too-short\n");
    Process refused = LocalCloudflare.launch(other, List.of("--token-file", tokenFile.toString()));
    assertThat(refused.waitFor()).isEqualTo(1);
    assertThat(Files.readString(other.resolve("serve.log"))).contains("40 to 80 characters");
  }

  @Test
  void leavesNoWorkerdWhenNodeIsKilledWithIt() throws Exception {
    ProcessHandle workerd = child("workerd");
    ProcessHandle node = child("node");
    cloudflare.process().destroyForcibly();
    node.destroyForcibly();
    workerd.onExit().get(10, TimeUnit.SECONDS);
    assertThat(workerd.isAlive()).isFalse();
  }

  @Test
  void keepsFilesToTheirOwnerAndModulesAsLongAsTheyAreUsed() throws Exception {
    query("INSERT INTO t VALUES (8)");
    cloudflare.get(cloudflare.account("/d1/database/" + database + "/time_travel/bookmark"));
    try (Stream<Path> files = Files.walk(cloudflare.state())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!file.endsWith("serve.log") && !file.equals(cloudflare.state())) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as(file.toString())
              .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
        }
      }
    }
    assertThat(modules()).hasSize(1);
    cloudflare.delete(cloudflare.account("/workers/scripts/counter")).expect(200);
    cloudflare.restart();
    assertThat(modules()).isEmpty();
  }

  private List<Path> modules() throws IOException {
    try (Stream<Path> files = Files.list(cloudflare.state().resolve("modules"))) {
      return files.toList();
    }
  }

  private ProcessHandle child(String program) {
    return cloudflare
        .process()
        .descendants()
        .filter(handle -> handle.info().command().orElse("").endsWith("/" + program))
        .findFirst()
        .orElseThrow();
  }

  private String count() {
    return cloudflare.text(cloudflare.worker("counter"));
  }

  private int rows() {
    return query("SELECT a FROM t").at("/0/results/0/a").asInt();
  }

  private JsonNode query(String sql) {
    return cloudflare
        .send(
            "POST",
            cloudflare.account("/d1/database/" + database + "/query"),
            "{\"sql\":\"" + sql + "\"}")
        .result();
  }
}
