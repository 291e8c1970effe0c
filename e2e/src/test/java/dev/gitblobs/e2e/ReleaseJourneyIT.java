package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody unpacks a release in an empty home, on a machine that has Java and nothing that builds,
 * and does what docs/install.md says.
 */
@Tag("full")
final class ReleaseJourneyIT {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```");

  /** What would build, and the history that a checkout has. */
  private static final Set<String> NOT_THERE =
      Set.of("java", "javac", "mvn", "git", "make", "tsc", "npx", "go");

  @TempDir private Path folder;

  @Test
  void isUsedAsItsPageSaysWithoutMavenCompilerAndGit() throws Exception {
    Path home = Files.createDirectory(folder.resolve("a home"));
    Path archive = archive();
    Files.copy(archive, home.resolve(archive.getFileName()));
    Files.writeString(
        home.resolve("SHA256SUMS"), "%s  %s%n".formatted(sha256(archive), archive.getFileName()));
    List<String> blocks = blocks();
    assertThat(blocks).hasSize(2);

    String unpacked = run(home, home, blocks.get(0));
    assertThat(unpacked).contains("gitblobs-relay", ": OK").contains("relayctl ", "gitblobs ");
    Path release = home.resolve(archive.getFileName().toString().replace(".tar.gz", ""));
    assertThat(release.resolve("mvnw")).doesNotExist();
    installRuntime(release);

    String used = run(home, release, blocks.get(1));
    assertThat(used)
        .contains("bundle of the release", "Nothing is pending", "ada is added", "Done: sent 3")
        .contains("Done: received 3", "local is gone");
    assertThat(release.resolve(".gitblobs")).doesNotExist();
    assertThat(home.resolve(".local/state/gitblobs-relay/local")).doesNotExist();
  }

  private static Path archive() throws IOException {
    try (Stream<Path> files = Files.list(Launcher.checkout().resolve("release/target"))) {
      return files.filter(file -> file.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
    }
  }

  private static List<String> blocks() throws IOException {
    String page = Files.readString(Launcher.checkout().resolve("docs/install.md"));
    return BLOCK.matcher(page).results().map((MatchResult found) -> found.group(1)).toList();
  }

  /**
   * As {@code tools/npm-install} leaves it, without the network: what the release's own lock names
   * and nothing else, from the packages that the checkout has.
   */
  private static void installRuntime(Path release) throws IOException {
    Path lock = release.resolve("package-lock.json");
    JsonNode packages = Launcher.JSON.readTree(lock.toFile()).path("packages");
    for (String name : (Iterable<String>) packages::fieldNames) {
      Path from = Launcher.checkout().resolve(name);
      if (name.startsWith("node_modules/") && !name.contains("@gitblobs") && Files.exists(from)) {
        Path to = release.resolve(name);
        Files.createDirectories(to.getParent());
        Files.createSymbolicLink(to, from);
      }
    }
    Path node = Launcher.checkout().resolve("node_modules/.bin/node").toRealPath();
    Path bin = Files.createDirectories(release.resolve("node_modules/.bin"));
    Files.createSymbolicLink(bin.resolve("node"), node);
    Files.copy(lock, release.resolve("node_modules/.installed"));
  }

  /** Runs a script of the page under {@code env -i}; what it printed, on both outputs. */
  private String run(Path home, Path at, String script) throws IOException {
    String path = "PATH=" + programs() + ":" + engine();
    List<String> command =
        List.of("env", "-i", "-C", at.toString(), "HOME=" + home, path, "sh", "-euxc", script);
    Run run = new Launcher(folder).run(command);
    assertThat(run.exit()).as(run.all()).isZero();
    return run.out() + run.err();
  }

  /** The system's programs but those that build; Java is this one's, without its compiler. */
  private Path programs() throws IOException {
    Path programs = folder.resolve("programs");
    if (Files.exists(programs)) {
      return programs;
    }
    Files.createDirectory(programs);
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Files.createSymbolicLink(programs.resolve("java"), java);
    for (Path system : List.of(Path.of("/usr/bin"), Path.of("/bin"))) {
      for (Path program : list(system)) {
        Path link = programs.resolve(program.getFileName().toString());
        if (!NOT_THERE.contains(link.getFileName().toString()) && Files.notExists(link)) {
          Files.createSymbolicLink(link, program);
        }
      }
    }
    return programs;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(files.filter(Files::isExecutable).toList());
    }
  }

  private String engine() {
    Run engine =
        new Launcher(folder)
            .run(List.of(Launcher.checkout().resolve("tools/pulumi/install").toString()));
    assertThat(engine.exit()).as(engine.all()).isZero();
    return engine.out().strip();
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
