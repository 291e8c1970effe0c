package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.e2e.PulumiProject.Stack;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The four environments of the repository, by its own stack files, side by side in one account. */
@Tag("full")
final class EnvironmentsIT {
  private static final String TELLS_ITS_ENVIRONMENT =
      "import { DurableObject } from \"cloudflare:workers\";"
          + " export class StoreHub extends DurableObject {}"
          + " export default { scheduled() {}, async fetch(request, env) {"
          + " const { results } = await env.DB.prepare(\"SELECT name FROM own\").all();"
          + " return new Response(env.ENVIRONMENT + \" \" + results.map((row) => row.name)); } };";

  @TempDir private static Path folder;
  private static LocalCloudflare cloudflare;
  private static PulumiProject project;

  @BeforeAll
  static void start() {
    cloudflare = LocalCloudflare.start(folder.resolve("cloudflare"));
    project = new PulumiProject(Launcher.checkout(), folder.resolve("project"), cloudflare);
    project.bundle(TELLS_ITS_ENVIRONMENT);
  }

  @AfterAll
  static void stop() {
    cloudflare.close();
  }

  @Test
  void standSideBySideAndDoNotSeeEachOther() {
    var stacks = new LinkedHashMap<String, Stack>();
    stacks.put("local", project.committed("local", Map.of()));
    stacks.put("dev", project.committed("dev", Map.of()));
    stacks.put("staging", project.committed("staging", host("relay-staging.relay.test")));
    stacks.put("prod", project.committed("prod", host("relay.relay.test")));
    stacks.values().forEach(Stack::upAndSettled);

    stacks.forEach(
        (name, stack) -> {
          var database = stack.json("stack", "output", "--json").path("databaseId").asText();
          var sql = "CREATE TABLE own (name TEXT); INSERT INTO own VALUES ('of " + name + "')";
          cloudflare
              .send(
                  "POST",
                  cloudflare.account("/d1/database/" + database + "/query"),
                  "{\"sql\":\"" + sql + "\"}")
              .expect(200);
        });

    stacks.forEach(
        (name, stack) -> {
          assertThat(cloudflare.text(cloudflare.worker(stack.script())))
              .isEqualTo(name + " of " + name);
          assertThat(stack.plan()).isEmpty();
        });
    assertThat(
            cloudflare
                .get(cloudflare.account("/workers/domains"))
                .result()
                .findValuesAsText("service"))
        .containsExactlyInAnyOrder("gitblobs-relay-staging", "gitblobs-relay-prod");
  }

  private static Map<String, String> host(String hostname) {
    return Map.of(
        "gitblobs-relay:zoneId", cloudflare.zoneId(), "gitblobs-relay:hostname", hostname);
  }
}
