package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An environment that holds data in the tables of before is deployed to. */
@Tag("full")
final class UpgradeJourneyIT {
  private static final String PASSWORD = "correct horse battery staple";

  @TempDir private Path folder;

  @Test
  void losesNothingThatUsersPushedIntoTheOldTables() throws IOException {
    try (PreparedRelay relay = PreparedRelay.start(folder.resolve("relay"))) {
      Launcher launcher = relay.launcher();
      relay.addUser("ada", PASSWORD);
      LocalRelay database = new LocalRelay(launcher, relay.url());
      Device laptop = new Device(launcher, folder.resolve("laptop"));
      laptop.logIn(relay.url(), "ada", PASSWORD);
      laptop.begin("notes", relay.url());
      laptop.add("notes", "plan.txt", "the plan");
      laptop.on("notes", "push");
      byte[] large = new byte[3_000_000];
      new Random(7).nextBytes(large);
      laptop.on("notes", "add", laptop.write("large.bin", large).toString(), "--as", "large.bin");
      laptop.add("notes", "plan.txt", "the plan, changed");
      laptop.on("notes", "push");
      OldTables.bringBack(database, launcher.root().resolve("migrations"));

      JsonNode deployment = launcher.operate("deploy", "local", "--yes", "--json").json();

      assertThat(deployment.at("/database/applied/0").asText()).isEqualTo("0012_packs.sql");
      assertThat(deployment.at("/deployed/healthy").asBoolean()).isTrue();
      Device phone = new Device(launcher, folder.resolve("phone"));
      phone.logIn(relay.url(), "ada", PASSWORD);
      phone.clone("notes", relay.url());
      // Every object of its history is there and is what its hash says, and the history is the
      // same.
      phone.isWhole("notes");
      assertThat(phone.head("notes")).isEqualTo(laptop.head("notes"));
      assertThat(phone.cat("notes", "plan.txt")).isEqualTo("the plan, changed");
      laptop.add("notes", "after.txt", "pushed after it");
      laptop.on("notes", "sync");
      phone.on("notes", "sync");
      assertThat(phone.cat("notes", "after.txt")).isEqualTo("pushed after it");
    }
  }
}
