package dev.gitblobs.ops.stack;

import dev.gitblobs.ops.environment.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * Makes the infrastructure program start fast: it runs for about a second, most of which is loading
 * classes. The engine starts {@code java -jar} without options of ours, so they travel in {@code
 * JDK_JAVA_OPTIONS}.
 *
 * <p>The first run after a build writes an archive of the loaded classes, the later ones use it;
 * one that does not fit the Java at hand is passed over silently. Each run has a draft of its own,
 * which {@link #keepArchive} puts in place whole: of two runs at a time neither reads half of it.
 */
final class ProgramStart {
  private static final String VARIABLE = "JDK_JAVA_OPTIONS";

  private final Path jar;
  private final Path archive;
  private final Path draft;

  ProgramStart(Project project) {
    jar = project.infraJar();
    archive = jar.resolveSibling("infra.jsa");
    draft = jar.resolveSibling("infra." + ProcessHandle.current().pid() + ".jsa");
  }

  /** The environment variable for the engine. */
  Map<String, String> variables() {
    String classes =
        isFresh() ? "-XX:SharedArchiveFile=" + archive : "-XX:ArchiveClassesAtExit=" + draft;
    String options =
        '"'
            + classes
            + '"'
            + " -Xshare:auto -Xlog:disable -Xlog:all=off -XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
    String own = System.getenv(VARIABLE);
    return Map.of(VARIABLE, own == null ? options : own + " " + options);
  }

  /** Call it when the program has ended: the archive that it wrote, if it did, is used from now. */
  void keepArchive() {
    try {
      if (Files.exists(draft)) {
        Files.move(
            draft, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isFresh() {
    return archive.toFile().lastModified() > jar.toFile().lastModified();
  }
}
