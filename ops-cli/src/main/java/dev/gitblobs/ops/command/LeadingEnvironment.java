package dev.gitblobs.ops.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code relayctl --env prod status} for {@code relayctl status --env prod}: the environment before
 * the command that it is for.
 */
final class LeadingEnvironment {
  /** The option, at either place. */
  static final String OPTION = "--env";

  private static final String WITH_VALUE = OPTION + "=";

  private LeadingEnvironment() {}

  /** For the help of the root, and for its parser where no command follows. */
  static OptionSpec option() {
    return OptionSpec.builder(OPTION)
        .paramLabel("ENV")
        .type(String.class)
        .completionCandidates(new KnownEnvironments())
        .description("The environment, for commands that have one; also behind the command.")
        .build();
  }

  /**
   * The same words in the order in which they are declared.
   *
   * @throws ParameterException when the command has no environment
   */
  static String[] settle(CommandLine root, String[] words) {
    List<String> rest = new ArrayList<>(List.of(words));
    String environment = takeFrom(rest);
    int at = firstWord(rest);
    CommandLine command = root;
    CommandLine below = at < rest.size() ? root.getSubcommands().get(rest.get(at)) : null;
    while (below != null) {
      command = below;
      at++;
      below = at < rest.size() ? command.getSubcommands().get(rest.get(at)) : null;
    }
    if (environment == null || command == root) {
      return words; // nothing to settle, or the parser says what is wrong
    }
    rest.addAll(at, inTheWordsOf(command, environment));
    return rest.toArray(new String[0]);
  }

  /** Takes it away from the options that stand first; null when it is not among them. */
  private static @Nullable String takeFrom(List<String> words) {
    for (int at = 0; at < firstWord(words); at++) {
      String word = words.get(at);
      if (word.startsWith(WITH_VALUE)) {
        words.remove(at);
        return word.substring(WITH_VALUE.length());
      }
      if (word.equals(OPTION) && at + 1 < words.size()) {
        words.remove(at);
        return words.remove(at);
      }
    }
    return null;
  }

  private static int firstWord(List<String> words) {
    int at = 0;
    while (at < words.size() && words.get(at).startsWith("-")) {
      at++;
    }
    return at;
  }

  private static List<String> inTheWordsOf(CommandLine command, String environment) {
    CommandSpec spec = command.getCommandSpec();
    if (spec.findOption(OPTION) != null) {
      return List.of(OPTION, environment);
    }
    if (spec.positionalParameters().stream().anyMatch(one -> one.paramLabel().equals("ENV"))) {
      return List.of(environment);
    }
    throw new ParameterException(
        command, spec.qualifiedName() + " is not for an environment; leave " + OPTION + " out.");
  }
}
