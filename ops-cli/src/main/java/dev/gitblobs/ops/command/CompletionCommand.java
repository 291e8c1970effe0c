package dev.gitblobs.ops.command;

import dev.gitblobs.ops.terminal.Terminal;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("picocli has not filled the spec yet");
    }
    Terminal terminal = output.terminal();
    CommandLine root = spec.root().commandLine();
    // picocli's script switches zsh's own bash emulation on by itself.
    terminal.line(
        shell == Shell.fish ? fish(root) : AutoComplete.bash(root.getCommandName(), root));
    return 0;
  }

  private static String fish(CommandLine root) {
    StringBuilder script = new StringBuilder("complete -c relayctl -f\n");
    options(script, "__fish_use_subcommand", root);
    subcommands(script, "__fish_use_subcommand", root);
    for (CommandLine command : distinct(root)) {
      String seen = "__fish_seen_subcommand_from " + command.getCommandName();
      options(script, seen, command);
      subcommands(script, seen, command);
      distinct(command).forEach(nested -> options(script, seen, nested));
    }
    return script.toString();
  }

  private static void subcommands(StringBuilder script, String when, CommandLine command) {
    for (CommandLine sub : distinct(command)) {
      add(script, when, "-a " + sub.getCommandName(), description(sub));
    }
  }

  private static void options(StringBuilder script, String when, CommandLine command) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      String name = option.longestName();
      if (name.startsWith("--")) {
        String argument = option.arity().max() > 0 ? " -r" : "";
        String[] words = option.description();
        add(script, when, "-l " + name.substring(2) + argument, words.length > 0 ? words[0] : "");
      }
    }
  }

  private static void add(StringBuilder script, String when, String what, String description) {
    script.append(
        String.format(
            Locale.ROOT,
            "complete -c relayctl -n '%s' %s -d '%s'%n",
            when,
            what,
            description.replace("'", "").replaceAll("\\$\\{[^}]*}", "").replace("\\", "")));
  }

  private static String description(CommandLine command) {
    String[] lines = command.getCommandSpec().usageMessage().description();
    return lines.length > 0 ? lines[0] : "";
  }

  private static Collection<CommandLine> distinct(CommandLine command) {
    return new LinkedHashSet<>(command.getSubcommands().values());
  }
}
