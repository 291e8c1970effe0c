package dev.gitblobs.ops.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The words of commands: help, completion, and what may never be among them. */
final class CommandWordsTest {
  @TempDir private Path folder;

  @Test
  void takesNoSecretAsAnArgument() {
    for (CommandLine command : everyCommand(Relayctl.commandLine())) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        String name = option.longestName();
        if (name.matches(".*(password|token|secret|key|pepper).*") && option.arity().max() > 0) {
          assertThat(name).as(command.getCommandName()).endsWith("-file");
        }
      }
    }
  }

  @Test
  void saysInEveryHelpWhatItIsForAndGivesExamples() {
    for (CommandLine command : everyCommand(Relayctl.commandLine())) {
      assertThat(command.getCommandSpec().usageMessage().description())
          .as(command.getCommandName())
          .isNotEmpty();
      if (!command.getCommandName().equals("help")) {
        assertThat(command.getUsageMessage()).contains("Example");
      }
    }
  }

  /** Commands that are not asked for are only outlined, since reading them all takes long. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "",
        "help migrate",
        "migrate --help",
        "users add --help",
        "nonsense",
        "migrat up",
        "completion bash",
        "up"
      })
  void printsTheSameAsIfEveryCommandWereRead(String line) {
    String[] words = line.isEmpty() ? new String[0] : line.split(" ", -1);
    assertThat(print(Relayctl.commandLine(words), words))
        .isEqualTo(print(Relayctl.commandLine(), words));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--env qa status",
        "--env=qa status",
        "--verbose --env qa users list",
        "--env qa up",
        "--env qa migrate info"
      })
  void takesTheEnvironmentAlsoBeforeTheCommand(String line) {
    CommandRun run = CommandRun.of(line.split(" ", -1));
    assertThat(run.err()).contains("There is no environment 'qa'.");
    assertThat(run.exit()).isEqualTo(2);
  }

  @Test
  void saysThatACommandHasNoEnvironment() {
    CommandRun run = CommandRun.of("--env", "qa", "man", folder.toString());
    assertThat(run.err()).contains("relayctl man is not for an environment");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "nosuch, There is no command 'relayctl nosuch'.",
    "nosuch --help, There is no command 'relayctl nosuch'.",
    "stauts, Did you mean status?",
    "users ad --help, Did you mean add?",
    "users, 'Its commands are list, add'",
    "status --nosuch, See relayctl status --help.",
    "users add Ada, 'is no user''s name: a-z, 0-9'",
    "users add ada --role king, 'expected one of [user, admin]'",
  })
  void saysWhatIsWrongAndWhereTheHelpIs(String line, String told) {
    CommandRun run = CommandRun.of(line.split(" ", -1));
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(told).hasLineCount(2);
    List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
    words.add("--json");
    CommandRun machine = CommandRun.of(words.toArray(new String[0]));
    assertThat(machine.exit()).isEqualTo(2);
    assertThat(machine.err()).isEmpty();
    assertThat(machine.json().at("/error/message").asText()).isNotEmpty();
    assertThat(machine.json().at("/error/remedy").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"bash", "fish"})
  void completesTheEnvironmentsThatHaveAStack(CompletionCommand.Shell shell) {
    assertThat(CommandRun.of("completion", shell.name()).out())
        .containsPattern("dev.{1,3}local.{1,3}prod.{1,3}staging");
  }

  @ParameterizedTest
  @EnumSource
  void completesEveryCommandInTheGrammarOfTheShell(CompletionCommand.Shell shell) throws Exception {
    CommandRun run = CommandRun.of("completion", shell.name());
    assertThat(run.exit()).isZero();
    assertThat(run.out()).contains(Relayctl.commandLine().getSubcommands().keySet());
    if (isInstalled(shell.name())) {
      Path script = Files.writeString(folder.resolve("completion"), run.out());
      Process check = new ProcessBuilder(shell.name(), "-n", script.toString()).inheritIO().start();
      assertThat(check.waitFor()).isZero();
    }
  }

  @Test
  void offersInFishEachOptionOnlyBehindItsOwnCommandAndTheValuesOfEnums() {
    String script = CommandRun.of("completion", "fish").out();
    assertThat(script.lines())
        .contains(
            "complete -c relayctl -n '__fish_seen_subcommand_from migrate; and"
                + " __fish_seen_subcommand_from up' -l out-of-order -d 'Apply also what has a"
                + " lower number than something applied.'")
        .anyMatch(line -> line.contains("-l format -r -a 'text json sarif github'"))
        .anyMatch(line -> line.contains("from completion' -a 'bash zsh fish'"))
        .filteredOn(line -> line.contains("-l out-of-order"))
        .hasSize(1);
  }

  @Test
  void writesAManualPageForEveryCommandThatManShows() throws Exception {
    assertThat(CommandRun.of("man", folder.toString()).exit()).isZero();
    int commands = everyCommand(Relayctl.commandLine()).size() + 1;
    List<Path> pages;
    try (Stream<Path> files = Files.list(folder)) {
      pages = files.toList();
    }
    assertThat(pages).hasSize(commands);
    assertThat(Files.readString(folder.resolve("relayctl-migrate-up.1")))
        .contains(
            "relayctl\\-migrate\\-up \\- Apply what is pending",
            ".SH OPTIONS",
            "\\fB\\-\\-to\\fR=\\fIMIGRATION\\fR",
            "relayctl migrate up \\-\\-env prod \\-\\-dry\\-run");
    if (isInstalled("groff")) {
      for (Path page : pages) {
        Process groff =
            new ProcessBuilder("groff", "-man", "-Tutf8", "-ww", "-z", page.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(groff.inputReader().lines()).as(page.toString()).isEmpty();
        assertThat(groff.waitFor()).isZero();
      }
    }
  }

  private static String print(CommandLine line, String... words) {
    StringWriter printed = new StringWriter();
    PrintWriter writer = new PrintWriter(printed);
    line.setOut(writer).setErr(writer);
    int exit = line.execute(words);
    writer.flush();
    return printed + "exit " + exit;
  }

  private static boolean isInstalled(String program) throws Exception {
    return new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor() == 0;
  }

  private static List<CommandLine> everyCommand(CommandLine root) {
    List<CommandLine> all = new ArrayList<>();
    for (CommandLine below : new LinkedHashSet<>(root.getSubcommands().values())) {
      all.add(below);
      all.addAll(everyCommand(below));
    }
    return all;
  }

  @Test
  void upOfAProtectedEnvironmentNeedsYesWhereNobodyCanBeAsked() {
    CommandRun run = CommandRun.of("up", "staging");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("there is nobody to ask").contains("--yes");
  }
}
