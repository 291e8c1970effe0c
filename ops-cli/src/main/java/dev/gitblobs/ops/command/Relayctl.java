package dev.gitblobs.ops.command;

import dev.gitblobs.ops.terminal.Terminal;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root command. */
@Command(
    name = "relayctl",
    description = "Deploys and operates the GitBlobs relay.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      UpCommand.class,
      PreviewCommand.class,
      DownCommand.class,
      DeployCommand.class,
      StatusCommand.class,
      MigrateCommand.class,
      KeysCommand.class,
      CleanupCommand.class,
      UsersCommand.class,
      DoctorCommand.class,
      LogsCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    },
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
  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show stack traces when something fails.")
  private boolean verbose;

  /** The whole command line, ready to execute. */
  public static CommandLine commandLine() {
    Relayctl root = new Relayctl();
    CommandLine line = new CommandLine(root);
    boolean colour = Terminal.wantsColour();
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            colour ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          PrintWriter err = command.getErr();
          Failure told = Failure.of(failure);
          new Terminal(command.getOut(), err, false, colour).failure(told.message(), told.remedy());
          if (root.verbose) {
            failure.printStackTrace(err);
          }
          return told.exitCode();
        });
    return line;
  }
}
