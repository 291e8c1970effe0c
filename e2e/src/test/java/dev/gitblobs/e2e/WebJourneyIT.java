package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users work with the page in Chromium, against the relay that an operator brought up. */
@Tag("full")
final class WebJourneyIT {
  @TempDir private static Path state;
  private static PreparedRelay relay;
  private static Launcher launcher;

  @BeforeAll
  static void bringItUp() {
    relay = PreparedRelay.start(state);
    launcher = relay.launcher();
  }

  @AfterAll
  static void takeItDown() {
    relay.close();
  }

  /** The journeys are in clients/web/test; the command line takes part in one of them. */
  @Test
  void walksThroughThePage() throws IOException {
    Path jar = launcher.root().resolve("clients/cli/target/gitblobs.jar");
    Run journeys =
        launcher
            .with("GITBLOBS_RELAY_URL", relay.url())
            .with(
                "GITBLOBS_ADMIN_TOKEN",
                Files.readString(launcher.local().resolve("secrets/admin-token")).strip())
            .with("GITBLOBS_JAR", jar.toString())
            .run(List.of("npm", "run", "--silent", "journeys", "-w", "@gitblobs/web"));
    // Where vitest tells of what failed; of the rest it tells on standard output.
    assertThat(journeys.exit()).as(journeys.err()).isZero();
  }
}
