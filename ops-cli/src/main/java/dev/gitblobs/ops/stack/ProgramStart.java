package dev.gitblobs.ops.stack;

import dev.gitblobs.ops.environment.Project;
import java.io.File;
import java.util.Map;

/**
 * Makes the infrastructure program start fast: it runs for about a second, most of which is loading
 * classes. The engine starts {@code java -jar} without options of ours, so they travel in {@code
 * JDK_JAVA_OPTIONS}.
 */
final class ProgramStart {
  private static final String VARIABLE = "JDK_JAVA_OPTIONS";

  private ProgramStart() {}

  /**
   * The environment variable for the engine. The first run after a build writes an archive of the
   * loaded classes beside the jar, the later ones use it; one that does not fit the Java at hand is
   * passed over silently.
   */
  static Map<String, String> variables(Project project) {
    File jar = project.infraJar().toFile();
    File archive = new File(jar.getParentFile(), "infra.jsa");
    boolean fresh = archive.lastModified() > jar.lastModified();
    String options =
        String.join(
            " ",
            quoted((fresh ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=") + archive),
            "-Xshare:auto -Xlog:disable -Xlog:all=off -XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    String own = System.getenv(VARIABLE);
    return Map.of(VARIABLE, own == null ? options : own + " " + options);
  }

  private static String quoted(String option) {
    return '"' + option + '"';
  }
}
