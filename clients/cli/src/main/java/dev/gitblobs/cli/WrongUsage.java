package dev.gitblobs.cli;

import java.util.List;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a user is told whose words make no command: what is wrong, and where the help is. */
final class WrongUsage {
  private WrongUsage() {}

  /**
   * Help for something that does not exist is wrong usage, where picocli would print that of the
   * command above it.
   */
  static void refuseUnmatched(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    if (!last.unmatched().isEmpty()) {
      throw new UnmatchedArgumentException(last.commandSpec().commandLine(), last.unmatched());
    }
  }

  /** One sentence or two. */
  static String message(ParameterException failure) {
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    String help = " See " + command + " --help.";
    if (!(failure instanceof UnmatchedArgumentException unmatched)) {
      return sentence(failure) + help;
    }
    String word = unmatched.getUnmatched().get(0);
    boolean isCommand =
        !word.startsWith("-") && !failure.getCommandLine().getSubcommands().isEmpty();
    String what =
        isCommand ? "There is no command '" + command + " " + word + "'." : sentence(failure);
    List<String> like = unmatched.getSuggestions();
    return what + (like.isEmpty() ? "" : " Did you mean " + String.join(" or ", like) + "?") + help;
  }

  /** A message of picocli's, which ends with a full stop only at times. */
  private static String sentence(ParameterException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.endsWith(".") ? message : message + ".";
  }
}
