package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong on an operator's machine: one clear message each, and the next {@code up} works.
 */
@Tag("full")
final class UpLocalBadInputIT {
  private static final List<String> TOOLS =
      List.of(
          "awk",
          "cat",
          "cmp",
          "cp",
          "cut",
          "date",
          "dirname",
          "find",
          "getent",
          "grep",
          "head",
          "id",
          "java",
          "ln",
          "mkdir",
          "mktemp",
          "mv",
          "node",
          "npm",
          "readlink",
          "rm",
          "sed",
          "sh",
          "sha256sum",
          "sleep",
          "tail",
          "touch",
          "tr",
          "uname");

  @TempDir private Path folder;
  private Launcher launcher;

  @BeforeEach
  void haveAStateOfItsOwn() {
    launcher = new Launcher(folder.resolve("state"));
  }

  @AfterEach
  void takeItDown() throws IOException {
    Run down = launcher.relayctl("down", "local");
    assertThat(down.exit()).as(down.all()).isZero();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link); // else JUnit warns of each that it leads out of its folder
      }
    }
  }

  @Test
  void survivesTheDeathOfCloudflareInTheMiddleOfUp() throws Exception {
    Path output = folder.resolve("up.log");
    Process up = launcher.start(output, "up", "local");
    killOnceTheAccountHas("gitblobs-relay-local", up, output);

    Run again = launcher.relayctl("up", "local", "--json");
    assertThat(again.exit()).as(again.all()).isZero();
    assertThat(again.json().path("healthy").asBoolean()).isTrue();
  }

  @Test
  void survivesTheDeathOfCloudflareInTheMiddleOfAnUpdate() throws Exception {
    Launcher own = new Launcher(checkoutWithOwn("infra", "stacks"), folder.resolve("state"));
    Run first = own.relayctl("up", "local");
    assertThat(first.exit()).as(first.all()).isZero();
    Path settings = own.root().resolve("infra/stacks/Pulumi.local.yaml");
    Files.writeString(
        settings, Files.readString(settings) + "\n  gitblobs-relay:quotaObjects: \"123456\"\n");
    Path output = folder.resolve("up.log");
    Process up = own.start(output, "up", "local");
    killOnceTheAccountHas("\"123456\"", up, output);

    Run again = own.relayctl("up", "local", "--json");
    assertThat(again.exit()).as(again.all()).isZero();
    assertThat(again.json().path("healthy").asBoolean()).isTrue();
    Run unchanged = own.relayctl("preview", "local", "--json");
    assertThat(unchanged.json().path("updated").asInt()).as(unchanged.all()).isZero();
  }

  /** Kills cloudflare-local while {@code up} waits for its answer, and sees what up says. */
  private void killOnceTheAccountHas(String text, Process up, Path output) throws Exception {
    while (!accountFile().contains(text)) {
      assertThat(up.waitFor(2, TimeUnit.MILLISECONDS)).as(Files.readString(output)).isFalse();
    }
    kill();
    assertThat(up.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(up.exitValue()).as(Files.readString(output)).isEqualTo(1);
    assertThat(output)
        .content()
        .contains("ended in the middle")
        .contains("Run the same command again");
  }

  @Test
  void takesDownWhatWasKilled() throws Exception {
    assertThat(launcher.relayctl("up", "local").exit()).isZero();
    List<ProcessHandle> children =
        ProcessHandle.of(instance().path("pid").asLong()).orElseThrow().descendants().toList();
    kill();

    Run down = launcher.relayctl("down", "local");

    assertThat(down.exit()).as(down.all()).isZero();
    assertThat(launcher.local()).doesNotExist();
    for (ProcessHandle child : children) {
      child.onExit().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void leavesAForeignProcessAloneThatHasTakenOverAPid() throws IOException {
    Process foreign =
        new ProcessBuilder("sh", "-c", "read line", "sh", "cloudflare-local.jar", "serve").start();
    Path record = launcher.local().resolve("cloudflare/instance.json");
    Files.createDirectories(record.getParent());
    Files.writeString(
        record, "{\"pid\":%d,\"api_url\":\"http://127.0.0.1:1/\"}".formatted(foreign.pid()));

    Run down = launcher.relayctl("down", "local");

    assertThat(down.exit()).as(down.all()).isZero();
    assertThat(launcher.local()).doesNotExist();
    assertThat(foreign.isAlive()).isTrue();
    foreign.destroyForcibly();
  }

  @Test
  void saysThatTheGenuineProviderCannotBeHad() {
    Run up =
        launcher
            .with("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
            .relayctl("up", "local", "--genuine-provider");
    assertThat(up.exit()).as(up.all()).isEqualTo(1);
    assertThat(up.err())
        .contains("Cloudflare's own Pulumi plugin cannot be had")
        .contains("without --genuine-provider");
  }

  @Test
  void saysWhyTheBundleThatIsMissingCannotBeBuilt() throws IOException {
    Path other = checkoutWithOwn("worker", "dist");
    Files.delete(other.resolve("worker/dist/worker.mjs"));
    Path npm = Files.createDirectories(folder.resolve("npm")).resolve("npm");
    Files.writeString(
        npm,
        """
        #!/bin/sh
        echo 'no such file: src/index.ts' >&2
        exit 1
        """);
    assertThat(npm.toFile().setExecutable(true)).isTrue();

    Run up =
        new Launcher(other, folder.resolve("state"))
            .with("PATH", npm.getParent() + ":" + System.getenv("PATH"))
            .relayctl("up", "local");

    assertThat(up.exit()).as(up.all()).isEqualTo(1);
    assertThat(up.err())
        .contains("Could not build the Worker")
        .contains("no such file: src/index.ts");
  }

  @Test
  void usesNoEngineThatIsNotTheOnePublished() throws IOException {
    Path bin = bareTools();
    Files.writeString(
        bin.resolve("curl"),
        """
        #!/bin/sh
        while [ $# -gt 0 ]; do
          [ "$1" = --output ] && echo forged >"$2"
          shift
        done
        """);
    assertThat(bin.resolve("curl").toFile().setExecutable(true)).isTrue();

    Run install =
        launcher
            .with("PATH", bin.toString())
            .with("XDG_CACHE_HOME", folder.resolve("cache").toString())
            .run(List.of(launcher.root().resolve("tools/pulumi/install").toString()));

    assertThat(install.exit()).as(install.all()).isEqualTo(1);
    assertThat(install.err())
        .contains("downloading pulumi-v")
        .contains("does not match its published SHA-256")
        .doesNotContain("not reachable");
    assertThat(folder.resolve("cache/gitblobs-relay")).isEmptyDirectory();
  }

  @Test
  void movesAwayFromAPortThatIsTakenAndForgetsStalePids() throws Exception {
    assertThat(launcher.relayctl("up", "local").exit()).isZero();
    int port = URI.create(instance().path("api_url").asText()).getPort();
    kill();
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      Run again = launcher.relayctl("up", "local");
      assertThat(again.exit()).as(again.all()).isZero();
      assertThat(again.out()).contains("was killed; started again", "The relay listens at");
      assertThat(URI.create(instance().path("api_url").asText()).getPort())
          .isNotEqualTo(taken.getLocalPort());
    }
  }

  @Test
  void startsOverAHalfStartedInstance() throws IOException {
    Path record = launcher.local().resolve("cloudflare/instance.json");
    Files.createDirectories(record.getParent());
    Files.writeString(record, "{\"pid\": 1, \"api_ur");
    Run up = launcher.relayctl("up", "local", "--json");
    assertThat(up.exit()).as(up.all()).isZero();
  }

  @Test
  void saysWhatIsNeededWhenThereIsNoEngineAndNothingToBuildItWith() throws IOException {
    Run up =
        launcher
            .with("PATH", bareTools().toString())
            .with("XDG_CACHE_HOME", folder.resolve("cache").toString())
            .relayctl("up", "local");
    assertThat(up.exit()).as(up.all()).isEqualTo(1);
    assertThat(up.all()).contains("Install Pulumi").contains("or Go");
  }

  @Test
  void namesEveryMistakeInAStacksSettingsAtOnce() throws IOException {
    Run up =
        new Launcher(checkoutWithOwn("infra", "stacks"), folder.resolve("state"))
            .with("PULUMI_BACKEND_URL", "file://" + folder)
            .with("PULUMI_CONFIG_PASSPHRASE", "test")
            .with("CLOUDFLARE_API_TOKEN", "none-that-is-valid")
            .relayctl("preview", "prod");
    assertThat(up.exit()).as(up.all()).isEqualTo(1);
    assertThat(up.all())
        .contains("gitblobs-relay:accountId")
        .contains("gitblobs-relay:jwtSecret")
        .contains("gitblobs-relay:adminToken")
        .contains("infra/stacks/Pulumi.prod.yaml");
  }

  @Test
  void saysWhichSettingsFileIsNoYaml() throws IOException {
    Path other = checkoutWithOwn("infra", "stacks");
    Files.writeString(other.resolve("infra/stacks/Pulumi.local.yaml"), "config: [unclosed");
    Run up = new Launcher(other, folder.resolve("state")).relayctl("up", "local");
    assertThat(up.exit()).as(up.all()).isEqualTo(1);
    assertThat(up.err()).contains("Pulumi.local.yaml is not YAML").doesNotContain("\tat ");
  }

  @Test
  void refusesAnEnvironmentWithoutSettingsAsWrongUsage() throws IOException {
    Run up = launcher.relayctl("up", "qa");
    assertThat(up.exit()).isEqualTo(2);
    assertThat(up.err()).contains("There is no environment 'qa'").contains("local");
  }

  @Test
  void refusesToTakeDownAProtectedEnvironment() {
    Run down = launcher.relayctl("down", "prod", "--yes");
    assertThat(down.exit()).isEqualTo(1);
    assertThat(down.err()).contains("is protected; nothing was removed");
  }

  private String accountFile() throws IOException {
    Path file = launcher.local().resolve("cloudflare/account.json");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private JsonNode instance() throws IOException {
    return Launcher.JSON.readTree(
        Files.readString(launcher.local().resolve("cloudflare/instance.json")));
  }

  private void kill() throws Exception {
    ProcessHandle process = ProcessHandle.of(instance().path("pid").asLong()).orElseThrow();
    process.destroyForcibly();
    process.onExit().get(10, TimeUnit.SECONDS);
  }

  /** A PATH with what the launchers need, and neither Pulumi nor Go nor curl. */
  private Path bareTools() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    for (String tool : TOOLS) {
      for (String part : System.getenv("PATH").split(":", -1)) {
        Path file = Path.of(part, tool);
        if (Files.isExecutable(file) && !Files.exists(bin.resolve(tool))) {
          Files.createSymbolicLink(bin.resolve(tool), file);
        }
      }
    }
    return bin;
  }

  /** A checkout that shares everything with this one but the files of one folder. */
  private Path checkoutWithOwn(String room, String inner) throws IOException {
    Path real = Launcher.checkout();
    Path other = Files.createDirectories(folder.resolve("checkout"));
    link(real, other, List.of(room));
    Path own = Files.createDirectories(other.resolve(room).resolve(inner));
    link(real.resolve(room), other.resolve(room), List.of(inner));
    try (Stream<Path> files = Files.list(real.resolve(room).resolve(inner))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Files.copy(file, own.resolve(file.getFileName()));
      }
    }
    return other;
  }

  private static void link(Path from, Path to, List<String> but) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = String.valueOf(file.getFileName());
        if (!but.contains(name)) {
          Files.createSymbolicLink(to.resolve(name), file);
        }
      }
    }
  }
}
