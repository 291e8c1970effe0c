package dev.gitblobs.ops.stack;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The Pulumi engine on this machine. The launcher has put the cache's folder on PATH; this class
 * fills that folder when it is needed and nowhere else, since only some commands use the engine.
 */
final class Engine {
  private Engine() {}

  /**
   * Makes sure that {@code pulumi} and its Java host can be started.
   *
   * @param progress gets the installer's lines; it may take minutes the first time on a machine
   * @throws OpsException when they can be neither found, nor downloaded, nor built
   */
  static void ensure(Project project, Consumer<String> progress) {
    if (isOnPath("pulumi") && isOnPath("pulumi-language-java")) {
      return;
    }
    Path installer = project.root().resolve("tools/pulumi/install");
    try {
      Process process =
          new ProcessBuilder(installer.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      String last = "";
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          progress.accept(line);
          last = line;
        }
      }
      if (process.waitFor() != 0 || !isOnPath("pulumi")) {
        throw new OpsException("The Pulumi engine could not be had: " + last, "See above.");
      }
    } catch (IOException e) {
      throw new OpsException("Could not run " + installer + ".", "Check the checkout.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OpsException("Interrupted while getting Pulumi.", "Run the command again.", e);
    }
  }

  private static boolean isOnPath(String program) {
    String path = System.getenv("PATH");
    return path != null
        && Arrays.stream(path.split(":", -1))
            .filter(folder -> !folder.isEmpty())
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
