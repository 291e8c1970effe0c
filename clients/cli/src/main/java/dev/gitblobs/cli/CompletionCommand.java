package dev.gitblobs.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Prints a completion script. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Prints a script that completes commands and options in bash and zsh.",
    footerHeading = "%nExample:%n",
    footer = "  source <(gitblobs completion)")
final class CompletionCommand implements Callable<Integer> {
  private final Gitblobs root;
  private final Supplier<CommandLine> line;

  CompletionCommand(Gitblobs root, Supplier<CommandLine> line) {
    this.root = root;
    this.line = line;
  }

  @Override
  public Integer call() {
    root.terminal().out().print(AutoComplete.bash("gitblobs", line.get()));
    return CommandLine.ExitCode.OK;
  }
}
