package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.Wrangler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Unmodified wrangler: a client that nobody here wrote. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("full")
class WranglerTest {
  private LocalCloudflare cloudflare;
  private Wrangler wrangler;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path temporary) {
    folder = temporary;
    cloudflare = LocalCloudflare.start(folder.resolve("state"));
    wrangler = new Wrangler(cloudflare, folder);
  }

  @AfterAll
  void stop() {
    cloudflare.close();
  }

  @Test
  void createsListsQueriesImportsAndExportsADatabase() throws IOException {
    wrangler.run("d1", "create", "made-by-wrangler");
    assertThat(wrangler.run("d1", "list", "--json")).contains("\"made-by-wrangler\"");
    assertThat(execute("--command", "SELECT 6 * 7 AS answer")).contains("\"answer\": 42");
    Path sql = Files.writeString(folder.resolve("in.sql"), "CREATE TABLE t(a);\n");
    execute("--yes", "--file", sql.toString());
    Path out = folder.resolve("out.sql");
    wrangler.run("d1", "export", "made-by-wrangler", "--remote", "--output", out.toString());
    assertThat(out).content().contains("CREATE TABLE t(a);");
    assertThat(wrangler.run("d1", "time-travel", "info", "made-by-wrangler", "--json"))
        .contains("\"bookmark\"");
  }

  private String execute(String... what) {
    List<String> command =
        new ArrayList<>(List.of("d1", "execute", "made-by-wrangler", "--remote", "--json"));
    command.addAll(List.of(what));
    return wrangler.run(command.toArray(String[]::new));
  }

  @Test
  void deploysAgainSetsSecretsRollsBackAndDeletes() throws IOException {
    Files.writeString(
        folder.resolve("wrangler.json"),
        """
        {"name": "wrangled", "main": "wrangled.mjs", "compatibility_date": "2026-11-01",
         "workers_dev": true, "preview_urls": false,
         "durable_objects": {"bindings": [{"name": "COUNTER", "class_name": "Counter"}]},
         "migrations": [{"tag": "v1", "new_sqlite_classes": ["Counter"]}],
         "triggers": {"crons": ["17 * * * *"]}}
        """);
    Path source = folder.resolve("wrangled.mjs");
    Files.writeString(source, ScriptsTest.COUNTER);
    wrangler.run("deploy");
    assertThat(answer()).isEqualTo("1");
    Files.writeString(source, ScriptsTest.COUNTER.replace("String(n)", "'n' + n"));
    wrangler.run("deploy");
    assertThat(answer()).isEqualTo("n2");
    wrangler.run("rollback", "--yes", "--message", "back");
    assertThat(answer()).isEqualTo("3");
    Path secrets = Files.writeString(folder.resolve("secrets.json"), "{\"A\":\"1\",\"B\":\"2\"}");
    wrangler.run("versions", "secret", "bulk", secrets.toString());
    assertThat(wrangler.run("versions", "list", "--json")).contains("\"number\": 3");
    wrangler.run("deploy");
    wrangler.run("secret", "bulk", secrets.toString());
    assertThat(wrangler.run("secret", "list")).contains("\"A\"", "\"B\"");
    assertThat(wrangler.run("deployments", "list", "--json")).contains("\"percentage\": 100");
    wrangler.run("delete", "--force");
    assertThat(cloudflare.get(cloudflare.account("/workers/scripts")).result()).isEmpty();
  }

  private String answer() {
    return cloudflare.text(cloudflare.worker("wrangled"));
  }
}
