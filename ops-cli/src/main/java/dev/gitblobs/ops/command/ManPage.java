package dev.gitblobs.ops.command;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes a command's manual page in man(7)'s macros, from picocli's own model. picocli's generator
 * writes AsciiDoc, which would need a converter far larger than this program.
 */
final class ManPage {
  private final CommandLine command;
  private final CommandSpec spec;
  private final StringBuilder page = new StringBuilder();

  private ManPage(CommandLine command) {
    this.command = command;
    this.spec = command.getCommandSpec();
  }

  /** The page's name, which is the file's without its suffix: {@code relayctl-migrate-up}. */
  static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName("-");
  }

  /** The page of a command. */
  static String of(CommandLine command) {
    ManPage page = new ManPage(command);
    page.write();
    return page.page.toString();
  }

  private void write() {
    String[] description = spec.usageMessage().description();
    String title = name(command).toUpperCase(Locale.ROOT);
    macro(".TH \"" + title + "\" \"1\" \"\" \"relayctl\" \"GitBlobs Relay\"");
    macro(".SH NAME");
    text(name(command) + " - " + (description.length == 0 ? "" : expand(description[0], null)));
    macro(".SH SYNOPSIS");
    Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
    text(help.synopsis(0).replaceAll("\\s+", " ").strip());
    macro(".SH DESCRIPTION");
    List.of(description).forEach(line -> text(expand(line, null)));
    arguments();
    commands();
    footer();
    macro(".SH EXIT STATUS");
    text("0 done, 1 failed, 2 usage, 141 the reader of its output left.");
  }

  private void arguments() {
    if (!spec.positionalParameters().isEmpty()) {
      macro(".SH ARGUMENTS");
      for (PositionalParamSpec parameter : spec.positionalParameters()) {
        item("\\fI" + escape(parameter.paramLabel()) + "\\fR", parameter);
      }
    }
    macro(".SH OPTIONS");
    for (OptionSpec option : spec.options()) {
      List<String> names = new ArrayList<>();
      for (String name : option.names()) {
        names.add("\\fB" + escape(name) + "\\fR");
      }
      String value =
          option.arity().max() == 0 ? "" : "=\\fI" + escape(option.paramLabel()) + "\\fR";
      item(String.join(", ", names) + value, option);
    }
  }

  private void item(String head, ArgSpec argument) {
    macro(".TP");
    macro(head);
    text(expand(String.join(" ", argument.description()), argument));
  }

  private void commands() {
    Collection<CommandLine> below = new LinkedHashSet<>(command.getSubcommands().values());
    if (below.isEmpty()) {
      return;
    }
    macro(".SH COMMANDS");
    for (CommandLine sub : below) {
      macro(".TP");
      macro("\\fB" + escape(sub.getCommandName()) + "\\fR");
      text(String.join(" ", sub.getCommandSpec().usageMessage().description()));
    }
  }

  private void footer() {
    String[] lines = spec.usageMessage().footer();
    if (lines.length > 0) {
      macro(".SH EXAMPLES");
      macro(".nf");
      List.of(lines).forEach(this::text);
      macro(".fi");
    }
  }

  private static String expand(String text, @Nullable ArgSpec argument) {
    if (argument == null) {
      return text.replace("%n", " ");
    }
    Iterable<String> candidates = argument.completionCandidates();
    return text.replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue()))
        .replace(
            "${COMPLETION-CANDIDATES}", candidates == null ? "" : String.join(", ", candidates));
  }

  private void macro(String line) {
    page.append(line).append('\n');
  }

  /** A line of text; one that would begin like a macro is kept from being one. */
  private void text(String line) {
    page.append(line.startsWith(".") || line.startsWith("'") ? "\\&" : "")
        .append(escape(line))
        .append('\n');
  }

  private static String escape(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-");
  }
}
