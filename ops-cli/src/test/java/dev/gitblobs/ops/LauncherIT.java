package dev.gitblobs.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a checkout whose build only puts the built jars there, and counts; so does the
 * making of the class archive, which every start of relayctl elsewhere tries for real.
 */
final class LauncherIT {
  private static final Path REAL = LocalCloudflare.root();

  @TempDir private Path root;
  @TempDir private Path jdk;

  @BeforeEach
  void haveACheckoutAndAJava() throws IOException {
    Files.createDirectories(root.resolve("tools"));
    for (String part : List.of("relayctl", "tools/launch.sh")) {
      Files.copy(REAL.resolve(part), root.resolve(part));
    }
    for (String module : List.of("ops-cli", "infra", "cloudflare-local")) {
      Files.createDirectories(root.resolve(module + "/src/main"));
      Files.writeString(root.resolve(module + "/pom.xml"), "");
    }
    Files.writeString(root.resolve("pom.xml"), "");
    Path target = REAL.resolve("ops-cli/target");
    script(
        root.resolve("mvnw"),
        """
        cd "%s"
        mkdir -p infra/target cloudflare-local/target
        cp -r "%s" "%s" ops-cli/target/
        touch infra/target/infra.jar cloudflare-local/target/cloudflare-local.jar
        echo built >>builds"""
            .formatted(root, target.resolve("relayctl.jar"), target.resolve("lib")));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    script(
        jdk.resolve("bin/java"),
        """
        case "$*" in
          *-XX:DumpLoadedClassList*) exit 0 ;;
          *-Xshare:dump*)
            echo dump >>"%s/dumps"
            [ ! -e "%s/broken" ] || exit 1
            for word in "$@"; do
              case "$word" in -XX:SharedArchiveFile=*) : >"${word#*=}" ;; esac
            done
            exit 0
            ;;
        esac
        exec "%s" "$@\""""
            .formatted(jdk, jdk, java));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"one\"\n");
  }

  @Test
  void buildsOnceWhenTwoStartAtOnceForTheFirstTime() throws Exception {
    Process one = start();
    Process two = start();
    assertThat(output(one)).contains("relayctl ");
    assertThat(output(two)).contains("relayctl ");
    assertThat(root.resolve("builds")).hasContent("built");
    assertThat(jdk.resolve("dumps")).hasContent("dump");
    assertThat(root.resolve("ops-cli/target/launch.turn")).doesNotExist();
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws Exception {
    output(start());
    Files.writeString(root.resolve("infra/src/main/X.java"), "");
    output(start());
    output(start());
    assertThat(root.resolve("builds")).hasContent("built\nbuilt");
  }

  @Test
  void triesTheClassArchiveOnceWhenThatFails() throws Exception {
    Files.createFile(jdk.resolve("broken"));
    assertThat(output(start())).contains("relayctl ");
    assertThat(output(start())).contains("relayctl ");
    assertThat(jdk.resolve("dumps")).hasContent("dump");
  }

  @Test
  void triesTheClassArchiveOnceOnAClockTooCoarseToTellItFromTheJar() throws Exception {
    output(start());
    Path target = root.resolve("ops-cli/target");
    FileTime built = Files.getLastModifiedTime(target.resolve("relayctl.jar"));
    Files.setLastModifiedTime(target.resolve("relayctl.jsa.for"), built);
    output(start());
    assertThat(jdk.resolve("dumps")).hasContent("dump");
  }

  @Test
  void makesTheClassArchiveAnewForANewerJar() throws Exception {
    output(start());
    Files.writeString(root.resolve("infra/src/main/X.java"), "");
    output(start());
    assertThat(jdk.resolve("dumps")).hasContent("dump\ndump");
  }

  @Test
  void makesTheClassArchiveAnewForAnotherJava() throws Exception {
    output(start());
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"two\"\n");
    output(start());
    output(start());
    assertThat(jdk.resolve("dumps")).hasContent("dump\ndump");
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(root.resolve("relayctl").toString(), "--version")
            .redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", jdk.toString());
    return builder.start();
  }

  private static String output(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static void script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\nset -e\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
