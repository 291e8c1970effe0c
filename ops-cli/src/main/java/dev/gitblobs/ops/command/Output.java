package dev.gitblobs.ops.command;

import dev.gitblobs.ops.terminal.Screen;
import dev.gitblobs.ops.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that decide how a command prints. */
final class Output {
  /** The option for machines. */
  static final String JSON = "--json";

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = JSON,
      description =
          "Print the result, or why there is none, as one JSON document and nothing else.")
  private boolean json;

  /** The terminal that the command prints to. */
  Terminal terminal() {
    return terminal(json);
  }

  /** The same, as if {@code --json} were given. */
  Terminal machineTerminal() {
    return terminal(true);
  }

  private Terminal terminal(boolean forMachines) {
    if (spec == null) {
      throw new IllegalStateException("picocli has not filled the options yet");
    }
    return new Terminal(
        spec.commandLine().getOut(),
        spec.commandLine().getErr(),
        forMachines,
        Screen.ofThisProcess());
  }
}
