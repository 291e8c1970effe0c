package dev.gitblobs.ops.command;

import dev.gitblobs.ops.terminal.Screen;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The root command. */
@Command(
    name = "relayctl",
    description = "Deploys and operates the GitBlobs relay.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl up local                    everything on this machine, no account needed",
      "  relayctl status --env local --json   where it listens, whether it is healthy",
      "  relayctl migrate info --env prod     what the database has, what is pending",
      "  relayctl down local                  remove it with all its data",
      "",
      "Exit codes: 0 done, 1 failed, 2 usage."
    })
public final class Relayctl {
  private static final List<Class<?>> COMMANDS =
      List.of(
          UpCommand.class,
          PreviewCommand.class,
          DownCommand.class,
          DeployCommand.class,
          RollbackCommand.class,
          StatusCommand.class,
          MigrateCommand.class,
          KeysCommand.class,
          CleanupCommand.class,
          UsersCommand.class,
          DoctorCommand.class,
          SmokeCommand.class,
          LogsCommand.class,
          CompletionCommand.class,
          ManCommand.class,
          CommandLine.HelpCommand.class);

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show stack traces when something fails.")
  private boolean verbose;

  /** The whole command line, ready to execute. */
  public static CommandLine commandLine() {
    return commandLine(COMMANDS, command -> true);
  }

  /**
   * The command line, ready to execute these words. Reading the options of every command takes
   * longer than most commands do, so those that are not among the words have only a name and a
   * description, and nothing is read for the version.
   */
  public static CommandLine commandLine(String[] words) {
    Set<String> named = new HashSet<>(Arrays.asList(words));
    boolean isWhole = named.contains("completion") || named.contains("man");
    List<Class<?>> listed = named.equals(Set.of("--version")) ? List.of() : COMMANDS;
    return commandLine(listed, command -> isWhole || named.contains(command));
  }

  /** Whether these words ask for JSON; for what is told when they were not, or not yet, parsed. */
  public static boolean isForMachines(String[] words) {
    return Arrays.asList(words).contains(Output.JSON);
  }

  /** Executes these words; the process's exit code. */
  public static int execute(CommandLine line, String[] words) {
    try {
      return line.execute(LeadingEnvironment.settle(line, words));
    } catch (CommandLine.ParameterException e) {
      return new UsageHandler(Screen.ofThisProcess()).handleParseException(e, words);
    }
  }

  private static CommandLine commandLine(List<Class<?>> listed, Predicate<String> isNeeded) {
    Relayctl root = new Relayctl();
    CommandLine line = new CommandLine(root);
    line.getCommandSpec().addOption(LeadingEnvironment.option());
    for (Class<?> type : listed) {
      Command command = type.getAnnotation(Command.class);
      line.addSubcommand(command.name(), isNeeded.test(command.name()) ? type : outline(command));
    }
    Screen screen = Screen.ofThisProcess();
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            screen.outColour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setUsageHelpAutoWidth(Confirmation.isTerminal());
    line.setExecutionExceptionHandler(new FailureHandler(root, screen));
    line.setParameterExceptionHandler(new UsageHandler(screen));
    line.setExecutionStrategy(new WholeLine());
    return line;
  }

  private static CommandSpec outline(Command command) {
    CommandSpec spec = CommandSpec.create().name(command.name());
    spec.usageMessage().description(command.description()).header(command.header());
    return spec;
  }

  /** Not a lambda: that would keep picocli's interface out of the launcher's class archive. */
  private record FailureHandler(Relayctl root, Screen screen)
      implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(
        Exception failure, CommandLine command, ParseResult parsed) {
      Failure told = Failure.of(failure);
      boolean json = command.getParseResult().hasMatchedOption(Output.JSON);
      Terminal terminal = new Terminal(command.getOut(), command.getErr(), json, screen);
      terminal.failure(told.message(), told.remedy());
      if (root.verbose) {
        terminal.trace(failure);
      }
      return told.exitCode();
    }
  }
}
