package dev.gitblobs.ops.stack;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.StateFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Secrets of the {@code local} environment: made once from 256 random bits each, kept in its state
 * folder for the owner only (mode 0600), gone with {@code down}.
 */
public final class LocalSecrets {
  private final Path folder;

  /** The secrets of that environment. */
  public LocalSecrets(Environment environment) {
    this.folder = environment.state().resolve("secrets");
  }

  /** The file that holds the secret of that name; made on first use. */
  public Path file(String name) {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      byte[] bytes = new byte[32];
      new SecureRandom().nextBytes(bytes);
      StateFiles.write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
    return file;
  }

  /** The secret of that name; made on first use. */
  public String value(String name) {
    return StateFiles.read(file(name));
  }
}
