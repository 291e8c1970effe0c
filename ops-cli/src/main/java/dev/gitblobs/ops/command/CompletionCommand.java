package dev.gitblobs.ops.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code relayctl completion}. */
@Command(
    name = "completion",
    description = "Print a script that completes commands and options in your shell.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(relayctl completion bash)",
      "  source <(relayctl completion zsh)",
      "  relayctl completion fish > ~/.config/fish/completions/relayctl.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  /** A shell. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.bash;

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("picocli has not filled the spec yet");
    }
    CommandLine root = spec.root().commandLine();
    // picocli's script switches zsh's own bash emulation on by itself.
    PrintWriter out = root.getOut();
    out.println(
        shell == Shell.fish
            ? FishCompletion.script(root)
            : AutoComplete.bash(root.getCommandName(), root));
    out.flush();
    return 0;
  }
}
