package dev.gitblobs.ops.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkout of a few files, whose {@code npm run build} writes a line for each time it ran. */
final class ArtifactsTest {
  @TempDir private Path root;
  private Artifacts artifacts;

  @BeforeEach
  void checkout() throws IOException {
    script("tools/npm-install", "exit 0");
    write("worker/src/index.ts", "export default {};");
    write("package.json", "{\"scripts\": {\"build\": \"sh build.sh\"}}");
    script(
        "build.sh",
        """
        mkdir worker/building || { echo 'two at once' >&2; exit 1; }
        echo built >> worker/dist/worker.mjs
        sleep 0.2
        rmdir worker/building
        """);
    artifacts = new Artifacts(new Project(root), true);
  }

  @Test
  void buildsNothingInARelease() throws IOException {
    Files.createDirectory(root.resolve("jars"));
    write("worker/dist/worker.mjs", "released\n");
    script("tools/npm-install", "echo installed >>npm-install.log");
    assertThat(new Artifacts(new Project(root), false).ensureBundle()).contains("of the release");
    assertThat(root.resolve("npm-install.log")).as("Cloudflare runs it").doesNotExist();
    assertThat(artifacts.ensureBundle()).contains("of the release");
    assertThat(root.resolve("npm-install.log")).as("this machine runs it").exists();
    assertThat(bundle()).isEqualTo("released\n");
  }

  @Test
  void buildsABundleThatIsMissingOnce() throws IOException {
    assertThat(artifacts.ensureBundle()).isEqualTo("bundle built");
    assertThat(artifacts.ensureBundle()).isEqualTo("bundle is up to date");
    assertThat(bundle()).hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"worker/src/index.ts", "clients/web/src/page.tsx", "package-lock.json"})
  void buildsAnewWhenASourceIsYounger(String source) throws IOException {
    artifacts.ensureBundle();
    write(source, "changed");
    tomorrow(source);
    assertThat(artifacts.ensureBundle()).isEqualTo("bundle built");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clients/web/target/units-junit.xml",
        "clients/ts/dist/package.tgz",
        "protocol/ts/node_modules/.vite/results.json",
        "clients/web/test/page.test.ts"
      })
  void leavesTheBundleAloneWhenWhatItIsNotBuiltFromIsYounger(String other) throws IOException {
    artifacts.ensureBundle();
    write(other, "<testsuites/>");
    tomorrow(other);
    assertThat(artifacts.ensureBundle()).isEqualTo("bundle is up to date");
    assertThat(bundle()).hasLineCount(1);
  }

  @Test
  void judgesWhatACheckoutLinksToByItsOwnAge() throws IOException {
    artifacts.ensureBundle();
    Path elsewhere = Files.move(root.resolve("worker/src"), root.resolve("elsewhere"));
    Files.setLastModifiedTime(elsewhere.resolve("index.ts"), FileTime.fromMillis(0));
    Path link = Files.createSymbolicLink(root.resolve("worker/src"), elsewhere);
    Files.setLastModifiedTime(root.resolve("worker/dist/worker.mjs"), justBefore(link));
    assertThat(artifacts.ensureBundle()).isEqualTo("bundle is up to date");
    write("elsewhere/index.ts", "changed");
    tomorrow("elsewhere/index.ts");
    assertThat(artifacts.ensureBundle()).isEqualTo("bundle built");
  }

  @Test
  void twoRunsDoNotBuildAtOnce() throws Exception {
    ProcessBuilder run = anotherRun();
    for (Process one : List.of(run.start(), run.start())) {
      assertThat(told(one)).startsWith("bundle ");
    }
    assertThat(bundle()).hasLineCount(1);
  }

  @Test
  void leavesAFreshBundleAloneWhereThereIsNoGit() throws Exception {
    artifacts.ensureBundle();
    ProcessBuilder run = anotherRun();
    run.environment().put("PATH", root.resolve("nothing").toString());
    assertThat(told(run.start())).isEqualTo("bundle is up to date");
    assertThat(bundle()).hasLineCount(1);
  }

  @Test
  void saysWhatTheBuildSaid() throws IOException {
    script("build.sh", "echo 'no such file: src/index.ts' >&2; exit 1");
    assertThatThrownBy(artifacts::ensureBundle)
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("Could not build the Worker")
        .hasMessageContaining("no such file: src/index.ts");
  }

  private ProcessBuilder anotherRun() {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ArtifactsTest.class.getName(),
            root.toString())
        .redirectErrorStream(true);
  }

  private static String told(Process run) throws Exception {
    String told = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor()).as(told).isZero();
    return told.strip();
  }

  /** Another run of relayctl in the checkout that the argument names. */
  public static void main(String[] arguments) {
    System.out.println(new Artifacts(new Project(Path.of(arguments[0])), true).ensureBundle());
  }

  private static FileTime justBefore(Path link) throws IOException {
    FileTime made = Files.getLastModifiedTime(link, LinkOption.NOFOLLOW_LINKS);
    return FileTime.fromMillis(made.toMillis() - 1);
  }

  private String bundle() throws IOException {
    return Files.readString(root.resolve("worker/dist/worker.mjs"));
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private void script(String name, String lines) throws IOException {
    write(name, "#!/bin/sh\n" + lines);
    assertThat(root.resolve(name).toFile().setExecutable(true)).isTrue();
  }

  private void tomorrow(String name) throws IOException {
    Files.setLastModifiedTime(root.resolve(name), FileTime.from(Instant.now().plusSeconds(86_400)));
  }
}
