package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's devices share stores through the local relay. Each test has a store of its own. */
@Tag("full")
final class GitblobsJourneyIT {
  private static final String PASSWORD = "correct horse battery staple";

  @TempDir private static Path state;
  private static PreparedRelay relay;
  private static Launcher launcher;
  private static String url;
  private static Device a;
  private static Device b;
  private static Device c;

  @BeforeAll
  static void bringUpARelayWithAUserOfThreeDevices() {
    relay = PreparedRelay.start(state.resolve("relay"));
    launcher = relay.launcher();
    url = relay.url();
    String once =
        launcher.operate("users", "add", "ada", "--json").json().path("one_time_password").asText();
    a = new Device(launcher, state.resolve("a"));
    a.logIn(url, "ada", once);
    Path both = a.write("passwords", once + "\n" + PASSWORD + "\n");
    a.succeed("passwd", url, "--password-file", both.toString());
    b = new Device(launcher, state.resolve("b"));
    c = new Device(launcher, state.resolve("c"));
    for (Device device : new Device[] {a, b, c}) {
      device.logIn(url, "ada", PASSWORD);
    }
  }

  @AfterAll
  static void takeItDown() {
    relay.close();
  }

  private static void haveOneHead(String copy, Device... devices) {
    for (Device device : devices) {
      assertThat(device.head(copy)).isEqualTo(devices[0].head(copy));
      device.isWhole(copy);
    }
  }

  @Test
  void bringsThreeDevicesThroughDivergenceAndConflictToOneHead() {
    a.begin("three", url);
    a.add("three", "plan.txt", "the plan");
    assertThat(a.on("three", "sync").path("pushed").asBoolean()).isTrue();
    b.clone("three", url);
    c.clone("three", url);
    assertThat(c.cat("three", "plan.txt")).isEqualTo("the plan");

    a.add("three", "from-a.txt", "a");
    b.add("three", "from-b.txt", "b");
    c.add("three", "from-c.txt", "c");
    c.on("three", "mv", "plan.txt", "plans/plan.txt");
    assertThat(a.on("three", "sync").path("pushed").asBoolean()).isTrue();
    assertThat(b.failsOn("three", "push").all()).contains("Pull first");
    assertThat(b.on("three", "sync").path("merge").asText()).isEqualTo("merged");
    c.on("three", "pull");
    c.on("three", "push");
    a.on("three", "sync");
    b.on("three", "sync");
    haveOneHead("three", a, b, c);

    a.add("three", "plans/plan.txt", "a's plan");
    b.add("three", "plans/plan.txt", "b's plan");
    b.add("three", "no-conflict.txt", "b's");
    a.on("three", "sync");
    JsonNode conflict = b.failsOn("three", "sync").json();
    assertThat(conflict.path("result").asText()).isEqualTo("conflict");
    assertThat(conflict.at("/conflicts/0/path").asText()).isEqualTo("plans/plan.txt");
    a.on("three", "sync");
    assertThat(a.cat("three", "no-conflict.txt")).isEqualTo("b's");
    assertThat(a.cat("three", "plans/plan.txt")).isEqualTo("a's plan");
    assertThat(b.failsOn("three", "sync").all()).contains("plans/plan.txt");
    Path both = b.write("both.txt", "our plan");
    String theirs = conflict.path("theirs").asText();
    b.on("three", "merge", theirs, "--take", "plans/plan.txt=" + both);
    b.on("three", "sync");
    a.on("three", "sync");
    c.on("three", "sync");
    haveOneHead("three", a, b, c);
    assertThat(c.cat("three", "plans/plan.txt")).isEqualTo("our plan");
    Run graph = c.succeed("--store", c.store("three").toString(), "log", "--graph");
    assertThat(graph.out()).contains("|\\", "|/");
  }

  @Test
  void keepsTheFoldersOfTwoDevicesEqualOnceAndWatching() throws Exception {
    Path ofA = a.store("files-of-a");
    Path ofB = b.store("files-of-b");
    a.begin("folders", url);
    a.on("folders", "folder", ofA.toString());
    Files.writeString(ofA.resolve("plan.txt"), "1\n2\n3\n4\n5\n");
    a.on("folders", "sync");
    b.clone("folders", url);
    b.on("folders", "folder", ofB.toString());
    assertThat(ofB.resolve("plan.txt")).hasContent("1\n2\n3\n4\n5\n");

    Files.writeString(ofA.resolve("plan.txt"), "a\n2\n3\n4\n5\n");
    a.on("folders", "sync");
    Files.writeString(ofB.resolve("plan.txt"), "1\n2\n3\n4\nb\n");
    b.on("folders", "sync");
    assertThat(ofB.resolve("plan.txt")).hasContent("a\n2\n3\n4\nb\n");

    Process watch = a.startOn("folders", "sync", "--watch");
    try {
      awaitContent(ofA.resolve("plan.txt"), "a\n2\n3\n4\nb\n");
      Files.writeString(ofB.resolve("from-b.txt"), "b");
      b.on("folders", "sync");
      awaitContent(ofA.resolve("from-b.txt"), "b");
      Process other = b.startOn("folders", "sync", "--watch");
      try {
        Files.writeString(ofA.resolve("from-a.txt"), "a");
        awaitContent(ofB.resolve("from-a.txt"), "a");
      } finally {
        other.destroy();
        other.onExit().join();
      }
    } finally {
      watch.destroy();
      watch.onExit().join();
    }
    haveOneHead("folders", a, b);
  }

  /** Waits until the file has this content, for as long as something goes on beside it. */
  private static void awaitContent(Path file, String text) throws Exception {
    try (WatchService changes = file.getFileSystem().newWatchService()) {
      file.resolveSibling(".")
          .normalize()
          .register(
              changes,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
      while (!Files.exists(file) || !Files.readString(file).equals(text)) {
        WatchKey key = changes.poll(60, TimeUnit.SECONDS);
        assertThat(key).as("%s is still not %s", file, text).isNotNull();
        key.pollEvents();
        key.reset();
      }
    }
  }

  @Test
  void carriesAFileOf32MiB() {
    byte[] large = new byte[32 << 20];
    new Random(1).nextBytes(large);
    Path file = a.write("large.bin", large);
    a.begin("large", url);
    a.on("large", "add", file.toString(), "--as", "large.bin");
    a.on("large", "push");
    b.clone("large", url);
    b.on("large", "snapshot", "--files", b.store("out").toString());
    assertThat(b.store("out").resolve("large.bin")).hasSameBinaryContentAs(file);
    haveOneHead("large", a, b);
  }

  @Test
  void takesASideOrAnUnrelatedHistoryAsTold() {
    a.begin("sides", url);
    a.add("sides", "f", "a");
    a.on("sides", "sync");
    b.begin("sides", url);
    b.add("sides", "f", "b");
    JsonNode unrelated = b.failsOn("sides", "sync").json();
    assertThat(unrelated.path("result").asText()).isEqualTo("unrelated");
    b.on("sides", "sync", "--allow-unrelated", "--prefer", "ours");
    assertThat(b.cat("sides", "f")).isEqualTo("b");
    a.on("sides", "sync");
    haveOneHead("sides", a, b);

    a.add("sides", "f", "a again");
    a.on("sides", "sync");
    b.add("sides", "f", "b again");
    b.on("sides", "sync", "--theirs", "f");
    assertThat(b.cat("sides", "f")).isEqualTo("a again");

    c.begin("sides", url);
    c.add("sides", "dummy.txt", "this is a dummy file");
    c.on("sides", "pull", "--replace-local");
    haveOneHead("sides", b, c);
  }

  @Test
  void graftsACompactBackupBeforeItIsPushed() {
    a.begin("grafted", url);
    a.add("grafted", "f", "1");
    a.add("grafted", "f", "2");
    Path pack = a.store("compact.bin");
    a.on("grafted", "snapshot", "--pack", pack.toString());
    b.begin("grafted", url);
    b.on("grafted", "import", pack.toString());
    assertThat(b.failsOn("grafted", "push").all()).contains("graft");
    b.on("grafted", "graft");
    b.on("grafted", "push");
    c.clone("grafted", url);
    assertThat(c.cat("grafted", "f")).isEqualTo("2");
    haveOneHead("grafted", b, c);
  }

  @Test
  void knowsWhoIsLoggedInUntilTheyLogOut() throws IOException {
    Device passing = new Device(launcher, state.resolve("passing"));
    passing.logIn(url, "ada", PASSWORD);
    assertThat(passing.succeed("whoami", url).out()).startsWith("ada at " + url);
    passing.begin("logins", url);
    JsonNode remote = passing.on("logins", "remote");
    assertThat(remote.path("store").asText()).isEqualTo("logins");
    assertThat(remote.path("url").asText()).isEqualTo(url);
    passing.on("logins", "logout");
    assertThat(passing.fail("whoami", url).err()).contains("gitblobs login");
    Path wrong = passing.write("wrong", "not the password\n");
    Run refused =
        passing.fail("login", url, "--user", "ada", "--password-file", wrong.toString(), "--json");
    assertThat(refused.err()).isEmpty();
    assertThat(refused.out()).contains("refused").doesNotContain("not the password");
    try (var kept = Files.walk(passing.store("config"))) {
      assertThat(kept.filter(Files::isRegularFile))
          .allSatisfy(file -> assertThat(file).content().doesNotContain("refresh_token"));
    }
  }
}
