package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** wrangler, unmodified, on the local Cloudflare of a launcher: a client that nobody here wrote. */
final class Wrangler {
  private final Launcher launcher;

  Wrangler(Launcher launcher) {
    this.launcher = launcher;
  }

  /** {@code wrangler ARGUMENTS}, which has to end well. */
  Run succeed(String... arguments) {
    JsonNode instance = instance();
    List<String> command = new ArrayList<>();
    command.add(launcher.root().resolve("node_modules/.bin/node").toString());
    command.add(launcher.root().resolve("node_modules/wrangler/bin/wrangler.js").toString());
    command.addAll(List.of(arguments));
    Run run =
        launcher
            .with("CLOUDFLARE_API_BASE_URL", instance.path("api_url").asText())
            .with("CLOUDFLARE_API_TOKEN", instance.path("api_token").asText())
            .with("CLOUDFLARE_ACCOUNT_ID", instance.path("account_id").asText())
            .with("WRANGLER_SEND_METRICS", "false")
            .with("CI", "true")
            .run(command);
    assertThat(run.exit()).as(run.all()).isZero();
    return run;
  }

  /** The rows that a query gives. */
  JsonNode query(String database, String sql) {
    return succeed("d1", "execute", database, "--remote", "--yes", "--json", "--command", sql)
        .json()
        .at("/0/results");
  }

  /** The local Cloudflare's process and, after it, all that it started. */
  List<ProcessHandle> processes() {
    ProcessHandle process = ProcessHandle.of(instance().path("pid").asLong()).orElseThrow();
    return Stream.concat(Stream.of(process), process.descendants()).toList();
  }

  /** What the local Cloudflare says of itself in {@code instance.json}. */
  JsonNode instance() {
    try {
      return Launcher.JSON.readTree(
          Files.readString(launcher.local().resolve("cloudflare/instance.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
