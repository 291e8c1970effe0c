package dev.gitblobs.infra;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The built Worker: one ES module.
 *
 * @param path as the provider is told, see {@link #read}
 * @param sha256 of its bytes, lower case hexadecimal
 * @param gitCommit of its sources, abbreviated; empty when it was built outside a git checkout
 */
record WorkerBundle(String path, String sha256, Optional<String> gitCommit) {
  /**
   * The version that the Worker's build writes into the code, such as {@code 0.1.0+4bf0b04534b8}.
   */
  private static final Pattern VERSION =
      Pattern.compile("\"[0-9]+\\.[0-9]+\\.[0-9]+\\+([0-9a-f]{7,40})\"");

  private static final String FILE = "worker/dist/worker.mjs";

  /**
   * Looks at the bundle in the project's folder.
   *
   * <p>The path is relative, so that the state is the same wherever the project is checked out; the
   * engine starts plugins in the project's folder. A provider that is only attached was started
   * elsewhere and the engine tells it no folder: then the path is absolute.
   *
   * @param attached whether the provider is one to which the engine only attaches
   * @throws SettingsException if the bundle has not been built
   */
  static WorkerBundle read(Path project, boolean attached) {
    var file = project.resolve(FILE).toAbsolutePath().normalize();
    try {
      var code = Files.readAllBytes(file);
      var digest = MessageDigest.getInstance("SHA-256").digest(code);
      return new WorkerBundle(
          attached ? file.toString() : FILE,
          HexFormat.of().formatHex(digest),
          VERSION
              .matcher(new String(code, StandardCharsets.UTF_8))
              .results()
              .map(found -> found.group(1))
              .findFirst());
    } catch (IOException e) {
      var problem =
          new SettingsException(
              "The Worker's bundle " + file + " cannot be read; build it: npm run build -w worker",
              List.of());
      problem.addSuppressed(e);
      throw problem;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
