package dev.gitblobs.ops.command;

import dev.gitblobs.ops.terminal.Screen;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What an operator is told whose words make no command: what is wrong, and where the help is. */
record UsageHandler(Screen screen) implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException failure, String[] words) {
    CommandLine command = failure.getCommandLine();
    boolean json = Relayctl.isForMachines(words);
    Terminal terminal = new Terminal(command.getOut(), command.getErr(), json, screen);
    terminal.failure(message(failure), remedy(failure));
    return CommandLine.ExitCode.USAGE;
  }

  private static String message(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    if (failure instanceof UnmatchedArgumentException unmatched && hasCommands(command)) {
      String word = unmatched.getUnmatched().get(0);
      if (!word.startsWith("-")) {
        return "There is no command '"
            + command.getCommandSpec().qualifiedName()
            + " "
            + word
            + "'.";
      }
    }
    String message = String.valueOf(failure.getMessage());
    return message.endsWith(".") ? message : message + ".";
  }

  private static String remedy(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    String help = "See " + command.getCommandSpec().qualifiedName() + " --help.";
    if (failure instanceof UnmatchedArgumentException unmatched) {
      List<String> like = unmatched.getSuggestions();
      return like.isEmpty() ? help : "Did you mean " + String.join(" or ", like) + "? " + help;
    }
    return hasCommands(command)
        ? "Its commands are " + String.join(", ", command.getSubcommands().keySet()) + ". " + help
        : help;
  }

  private static boolean hasCommands(CommandLine command) {
    return !command.getSubcommands().isEmpty();
  }
}
