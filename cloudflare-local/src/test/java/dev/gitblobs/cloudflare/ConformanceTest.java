package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cloudflare's own client, unmodified, and the types that it publishes. */
@Tag("full")
class ConformanceTest {
  @Test
  void answersWhatTheTypesOfCloudflaresClientSay(@TempDir Path state) throws Exception {
    Path root = LocalCloudflare.root();
    try (LocalCloudflare cloudflare = LocalCloudflare.start(state)) {
      ProcessBuilder builder =
          new ProcessBuilder(
              root.resolve("node_modules/.bin/node").toString(),
              root.resolve("cloudflare-local/runtime/conformance/main.ts").toString(),
              cloudflare.apiUrl(),
              cloudflare.accountId(),
              cloudflare.zoneId());
      builder.environment().put("CLOUDFLARE_API_TOKEN", cloudflare.token());
      Process process = builder.redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      assertThat(output).contains("58 answers checked, 0 places do not fit");
    }
  }
}
