package dev.gitblobs.ops.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One place the relay runs in: a Pulumi stack and a state folder on this machine.
 *
 * @param project the checkout
 * @param name the stack's name, {@code [a-z0-9][a-z0-9-]*}, at most 32 characters
 */
public record Environment(Project project, String name) {
  /** The environment that needs no account: everything of it is on this machine. */
  public static final String LOCAL = "local";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  /**
   * Checks the name and that its stack file exists.
   *
   * @throws OpsException for a name that cannot be a stack's, or that has no stack file
   */
  public Environment {
    if (!NAME.matcher(name).matches()) {
      throw OpsException.usage(
          "'" + name + "' is not an environment's name.",
          "Names are lower-case letters, digits and dashes, at most 32 characters.");
    }
    if (!Files.exists(project.stackFile(name))) {
      throw OpsException.usage(
          "There is no environment '" + name + "'.",
          "Known are: "
              + String.join(", ", known(project))
              + ". A new one is a new stack file: "
              + project.root().relativize(project.stackFile(name))
              + ".");
    }
  }

  /** Whether everything of this environment is on this machine. */
  public boolean isLocal() {
    return name.equals(LOCAL);
  }

  /**
   * Whether its data may be lost: {@code local}, and {@code pr-N} of a pull request. All others are
   * protected by the Pulumi program, and {@code relayctl down} refuses them.
   */
  public boolean isDisposable() {
    return isLocal() || name.matches("pr-\\d+");
  }

  /**
   * What relayctl keeps about this environment on this machine; never in git. It lies in {@code
   * .gitblobs/} of the checkout unless the environment variable {@code RELAY_STATE} names a folder.
   */
  public Path state() {
    return state(System.getenv());
  }

  /**
   * The same, of other variables. What a release keeps outlives it: the next one goes on with it.
   */
  Path state(Map<String, String> variables) {
    Path base =
        named(variables, "RELAY_STATE")
            .orElseGet(
                () ->
                    project.isRelease()
                        ? named(variables, "XDG_STATE_HOME")
                            .orElseGet(() -> home(variables).resolve(".local/state"))
                            .resolve(Project.NAME)
                        : project.root().resolve(".gitblobs"));
    return base.resolve(name);
  }

  /** As for all programs but Java's own, which asks the system only. */
  private static Path home(Map<String, String> variables) {
    return named(variables, "HOME").orElseGet(() -> Path.of(System.getProperty("user.home")));
  }

  private static Optional<Path> named(Map<String, String> variables, String variable) {
    return Optional.ofNullable(variables.get(variable))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder).toAbsolutePath());
  }

  /** The environments that have a stack file, sorted. */
  public static List<String> known(Project project) {
    Path folder = project.stackFile("x").getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(file -> file.startsWith("Pulumi.") && file.endsWith(".yaml"))
          .map(file -> file.substring("Pulumi.".length(), file.length() - ".yaml".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new OpsException(
          "Could not list " + folder + ": " + e.getMessage(), "Check the checkout.", e);
    }
  }
}
