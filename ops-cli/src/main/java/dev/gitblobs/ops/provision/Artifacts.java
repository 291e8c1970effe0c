package dev.gitblobs.ops.provision;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The Worker's bundle: built when it is missing or older than its sources, if there are any. */
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

  /** Folders in them that nothing is built from: a test's report must not make the bundle old. */
  private static final Set<String> NO_SOURCES = Set.of("dist", "node_modules", "target", "test");

  private static final Pattern VERSION =
      Pattern.compile("\"([0-9]+\\.[0-9]+\\.[0-9]+\\+(?:[0-9a-f]{7,40}|unknown))\"");

  private final Project project;
  private final boolean runsHere;

  /**
   * The bundle of a project.
   *
   * @param runsHere whether this machine is to run it, for which npm packages are needed
   */
  Artifacts(Project project, boolean runsHere) {
    this.project = project;
    this.runsHere = runsHere;
  }

  /**
   * Makes the bundle ready. Of two runs in one checkout the second waits for the first.
   *
   * @return what was done, for people
   * @throws OpsException when npm is missing or the build fails
   */
  String ensureBundle() {
    Path file = project.workerBundle().resolveSibling(".lock");
    try (FileChannel channel = openLock(file)) {
      channel.lock(); // which closing the channel releases
      return build();
    } catch (AccessDeniedException e) {
      return build(); // nobody builds in a checkout that cannot be written, so nobody is in the way
    } catch (IOException e) {
      throw new OpsException(
          "Could not lock " + file + ": " + e.getMessage(),
          "Check that the checkout can be written.",
          e);
    }
  }

  private static FileChannel openLock(Path file) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private String build() {
    if (project.isRelease() && !runsHere) {
      return "bundle of the release"; // which is all that Cloudflare runs
    }
    run("install the npm packages", project.root().resolve("tools/npm-install").toString());
    if (project.isRelease()) {
      return "bundle of the release";
    }
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
    String commit = lastCommit();
    return commit.isEmpty() || Files.readString(bundle).contains("+" + commit + "\"");
  }

  /** The last commit of the sources; empty where there is no history, or no git to read it. */
  private String lastCommit() throws IOException {
    ProcessBuilder git =
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
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    Process log;
    try {
      log = git.start();
    } catch (IOException e) {
      return "";
    }
    return new String(log.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static boolean hasNewer(Path source, FileTime built) throws IOException {
    if (!Files.exists(source)) {
      return false;
    }
    Newer newer = new Newer(built);
    // Where a checkout links to another's files, the age of the link says nothing about them.
    Files.walkFileTree(source, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, newer);
    return newer.found;
  }

  /** Looks for one file that is younger than the bundle. */
  private static final class Newer extends SimpleFileVisitor<Path> {
    private final FileTime built;
    private boolean found;

    private Newer(FileTime built) {
      this.built = built;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return NO_SOURCES.contains(String.valueOf(folder.getFileName()))
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      found = attributes.lastModifiedTime().compareTo(built) > 0;
      return found ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }
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
