package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Secret;
import dev.gitblobs.ops.environment.StateFiles;
import dev.gitblobs.ops.stack.LocalSecrets;
import dev.gitblobs.ops.stack.Stacks;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say where the relay's admin token comes from. */
final class AdminToken {
  /** One or the other; never the token itself, which would stay in the shell's history. */
  static final class Source {
    @Option(
        names = "--admin-token-file",
        paramLabel = "FILE",
        description =
            "Read the admin token from this file (default: environment variable"
                + " RELAY_ADMIN_TOKEN; else the one that up made on local, or that the stack's"
                + " settings keep).")
    private @Nullable Path file;

    @Option(
        names = "--admin-token-stdin",
        description = "Read the admin token from the first line of standard input.")
    private boolean isStandardInput;
  }

  @ArgGroup private Source source = new Source();

  /** Kept, since standard input gives it once and the stack slowly. */
  private @Nullable Secret found;

  private static Secret readFile(Path file) {
    try {
      Secret secret = Secret.token("The file " + file, StateFiles.read(file));
      if (!secret.value().isEmpty()) {
        return secret;
      }
      throw OpsException.usage(
          "The file " + file + " holds no admin token.",
          "Write the token into it, and nothing else.");
    } catch (UncheckedIOException e) {
      throw OpsException.usage(
          "Could not read the admin token from " + file + ": " + e.getCause(),
          "Name a file that is there and may be read.");
    }
  }

  /**
   * The token for that environment's relay; a command has one environment.
   *
   * @throws OpsException when none is given
   */
  Secret of(Environment chosen) {
    if (found == null) {
      found = look(chosen);
    }
    return found;
  }

  private Secret look(Environment chosen) {
    if (source.file != null) {
      return readFile(source.file);
    }
    if (source.isStandardInput) {
      return Secret.token("Standard input", StandardInput.secret("the admin token").value());
    }
    String named = System.getenv("RELAY_ADMIN_TOKEN");
    if (named != null && !named.isBlank()) {
      return Secret.token("RELAY_ADMIN_TOKEN", named);
    }
    if (chosen.isLocal()) {
      return new Secret(new LocalSecrets(chosen).value("admin-token"));
    }
    return Stacks.forReading()
        .adminToken(chosen)
        .map(text -> Secret.token("The stack's setting adminToken", text))
        .orElseThrow(
            () ->
                new OpsException(
                    "No admin token for '" + chosen.name() + "'.",
                    "Put it into the environment variable RELAY_ADMIN_TOKEN, or name a file by"
                        + " --admin-token-file."));
  }
}
