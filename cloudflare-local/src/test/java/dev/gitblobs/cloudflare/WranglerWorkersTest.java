package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.Wrangler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with unmodified wrangler to a Worker that runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("full")
class WranglerWorkersTest {
  private static final String NAME = "steady";
  private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private LocalCloudflare cloudflare;
  private Wrangler wrangler;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    cloudflare = LocalCloudflare.start(folder.resolve("state"));
    wrangler = new Wrangler(cloudflare, folder);
    Files.writeString(
        folder.resolve("wrangler.json"),
        """
        {"name": "steady", "main": "steady.mjs", "compatibility_date": "2026-11-01",
         "workers_dev": true, "preview_urls": false,
         "routes": [{"pattern": "routed.relay.test/*", "zone_name": "relay.test"},
                    {"pattern": "custom.relay.test", "custom_domain": true}]}
        """);
    source("first");
    wrangler.run("deploy");
  }

  @AfterAll
  void stop() {
    cloudflare.close();
  }

  @Test
  void deploysARouteAndACustomDomain() {
    assertThat(
            cloudflare.get(cloudflare.zone("/workers/routes")).result().findValuesAsText("pattern"))
        .containsExactly("routed.relay.test/*");
    assertThat(
            cloudflare
                .get(cloudflare.account("/workers/domains?service=" + NAME))
                .result()
                .findValuesAsText("hostname"))
        .containsExactly("custom.relay.test");
  }

  @Test
  void putsListsAndDeletesASecret() {
    wrangler.runWith("the value", "secret", "put", "ONE", "--name", NAME);
    assertThat(wrangler.run("secret", "list", "--name", NAME)).contains("\"ONE\"");
    wrangler.run("secret", "delete", "ONE", "--name", NAME);
    assertThat(wrangler.run("secret", "list", "--name", NAME)).doesNotContain("\"ONE\"");
  }

  @Test
  void uploadsAVersionThatAnswersOnceItIsDeployed() throws IOException {
    String before = answer();
    source("uploaded");
    Matcher version = UUID.matcher(wrangler.run("versions", "upload"));
    assertThat(version.find()).isTrue();
    assertThat(answer()).isEqualTo(before);

    wrangler.run("versions", "deploy", version.group() + "@100", "--yes");

    assertThat(answer()).isEqualTo("uploaded");
  }

  /** Its own thread, since reading what a process prints cannot be interrupted. */
  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void streamsWhatTheWorkerLogs() throws Exception {
    Process tail = wrangler.start("tail", NAME, "--format", "pretty");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(tail.getInputStream(), StandardCharsets.UTF_8))) {
      readUntil(lines, "waiting for logs");
      answer();
      readUntil(lines, "a line of the log");
    } finally {
      tail.descendants().forEach(ProcessHandle::destroyForcibly);
      tail.destroyForcibly();
      tail.waitFor();
    }
  }

  @Test
  void putsADatabaseBackToABookmark() {
    wrangler.run("d1", "create", "travelling");
    execute("CREATE TABLE t (a); INSERT INTO t VALUES ('kept')");
    Matcher bookmark =
        Pattern.compile("\"bookmark\": *\"([^\"]+)\"")
            .matcher(wrangler.run("d1", "time-travel", "info", "travelling", "--json"));
    assertThat(bookmark.find()).isTrue();
    execute("DELETE FROM t");

    wrangler.run(
        "d1", "time-travel", "restore", "travelling", "--bookmark", bookmark.group(1), "--json");

    assertThat(execute("SELECT a FROM t")).contains("kept");
  }

  private String execute(String sql) {
    return wrangler.run(
        "d1", "execute", "travelling", "--remote", "--yes", "--json", "--command", sql);
  }

  private static void readUntil(BufferedReader lines, String text) {
    StringBuilder said = new StringBuilder();
    boolean isSaid =
        lines
            .lines()
            .peek(line -> said.append(line).append('\n'))
            .anyMatch(line -> line.contains(text));
    assertThat(isSaid).as("wrangler never said \"%s\": %s", text, said).isTrue();
  }

  private void source(String answer) throws IOException {
    Files.writeString(
        folder.resolve("steady.mjs"),
        "export default { fetch() { console.log(\"a line of the log\");"
            + " return new Response(\""
            + answer
            + "\"); } };");
  }

  private String answer() {
    return cloudflare.text(cloudflare.worker(NAME));
  }
}
