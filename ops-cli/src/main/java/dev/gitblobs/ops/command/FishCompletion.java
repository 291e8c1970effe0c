package dev.gitblobs.ops.command;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes the completion script for fish, which picocli does not: from picocli's own model. */
final class FishCompletion {
  private final StringBuilder script = new StringBuilder("complete -c relayctl -f\n");

  private FishCompletion() {}

  /** The script for that command and all below it. */
  static String script(CommandLine root) {
    FishCompletion completion = new FishCompletion();
    completion.add(root, List.of());
    return completion.script.toString();
  }

  /** What may follow a command: its options, its subcommands, the values of its parameters. */
  private void add(CommandLine command, List<String> path) {
    for (CommandLine sub : distinct(command)) {
      String[] lines = sub.getCommandSpec().usageMessage().description();
      line(when(command, path), "-a " + sub.getCommandName(), first(lines));
    }
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (option.longestName().startsWith("--")) {
        String argument = option.arity().max() == 0 ? "" : " -r" + values(option);
        String name = "-l " + option.longestName().substring(2);
        line(when(command, path), name + argument, first(option.description()));
      }
    }
    for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
      if (parameter.completionCandidates() != null) {
        line(when(command, path), values(parameter).strip(), first(parameter.description()));
      }
    }
    for (CommandLine sub : distinct(command)) {
      List<String> below = new ArrayList<>(path);
      below.add(sub.getCommandName());
      add(sub, below);
    }
  }

  /** The commands of this path are there, and none of those below it is yet. */
  private static String when(CommandLine command, List<String> path) {
    List<String> conditions = new ArrayList<>();
    path.forEach(name -> conditions.add("__fish_seen_subcommand_from " + name));
    List<String> below = distinct(command).stream().map(CommandLine::getCommandName).toList();
    if (path.isEmpty()) {
      conditions.add("__fish_use_subcommand");
    } else if (!below.isEmpty()) {
      conditions.add("not __fish_seen_subcommand_from " + String.join(" ", below));
    }
    return String.join("; and ", conditions);
  }

  private static String values(ArgSpec argument) {
    Iterable<String> candidates = argument.completionCandidates();
    return candidates == null ? "" : " -a '" + String.join(" ", candidates) + "'";
  }

  private void line(String when, String what, String description) {
    script.append(
        String.format(
            Locale.ROOT,
            "complete -c relayctl -n '%s' %s -d '%s'%n",
            when,
            what,
            description.replaceAll("\\$\\{[^}]*}|['\\\\]", "")));
  }

  private static String first(String[] lines) {
    return lines.length > 0 ? lines[0] : "";
  }

  private static Collection<CommandLine> distinct(CommandLine command) {
    return new LinkedHashSet<>(command.getSubcommands().values());
  }
}
