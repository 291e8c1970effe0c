package dev.gitblobs.ops.provision;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Worker's bundle: built when it is missing or older than its sources. */
final class Artifacts {
  private static final List<String> SOURCES =
      List.of(
          "worker/src",
          "worker/package.json",
          "worker/build.mjs",
          "protocol/ts",
          "clients/ts",
          "clients/web",
          "package-lock.json");

  private static final Pattern VERSION =
      Pattern.compile("\"([0-9]+\\.[0-9]+\\.[0-9]+\\+(?:[0-9a-f]{7,40}|unknown))\"");

  private final Project project;

  Artifacts(Project project) {
    this.project = project;
  }

  /**
   * Makes the bundle ready.
   *
   * @return what was done, for people
   * @throws OpsException when npm is missing or the build fails
   */
  String ensureBundle() {
    run("install the npm packages", project.root().resolve("tools/npm-install").toString());
    if (isFresh()) {
      return "bundle is up to date";
    }
    run("build the Worker", "npm", "run", "--silent", "build");
    return "bundle built";
  }

  /** The version that the build wrote into the bundle; empty when it is none of the relay's. */
  Optional<String> bundleVersion() {
    try {
      return VERSION
          .matcher(Files.readString(project.workerBundle()))
          .results()
          .map(found -> found.group(1))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // the program that reads it next says what is wrong
    }
  }

  private boolean isFresh() {
    Path bundle = project.workerBundle();
    if (!Files.exists(bundle)) {
      return false;
    }
    try {
      FileTime built = Files.getLastModifiedTime(bundle);
      for (String source : SOURCES) {
        if (hasNewer(project.root().resolve(source), built)) {
          return false;
        }
      }
      return namesTheCommit(bundle);
    } catch (IOException e) {
      return false; // building again is always right
    }
  }

  /**
   * Whether the version in the bundle is that of the last commit of its sources, as {@code
   * worker/build.mjs} writes it: a commit changes it, and no file.
   */
  private boolean namesTheCommit(Path bundle) throws IOException {
    Process git =
        new ProcessBuilder(
                "git",
                "log",
                "-1",
                "--format=%h",
                "--abbrev=12",
                "--",
                "worker",
                "protocol/ts",
                "clients/ts",
                "clients/web")
            .directory(project.root().toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return commit.isEmpty() || Files.readString(bundle).contains("+" + commit + "\"");
  }

  private static boolean hasNewer(Path source, FileTime built) throws IOException {
    if (!Files.exists(source)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        boolean isInput =
            !file.toString().contains("/dist/") && !file.toString().contains("/node_modules/");
        if (isInput
            && Files.isRegularFile(file)
            && Files.getLastModifiedTime(file).compareTo(built) > 0) {
          return true;
        }
      }
    }
    return false;
  }

  private void run(String what, String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(project.root().toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new OpsException(
            "Could not " + what + ":\n" + output.strip(), "Mend that and run the command again.");
      }
    } catch (IOException e) {
      throw new OpsException(
          "Could not " + what + ": " + e.getMessage(),
          "Node and npm are needed on PATH (https://nodejs.org).",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OpsException("Interrupted.", "Run the command again.", e);
    }
  }
}
