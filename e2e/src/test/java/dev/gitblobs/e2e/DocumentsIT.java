package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The documents hold: links lead somewhere, commands exist with these very words, and the tour
 * runs.
 */
@Tag("full")
final class DocumentsIT {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)]*)?\\)");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```(?:sh|console)\\n(.*?)^```");
  private static final Pattern INLINE =
      Pattern.compile("`((?:\\./)?(?:relayctl|gitblobs) [^`,\u2026]+)`");
  private static final Pattern COMMAND =
      Pattern.compile("^(?:\\$ )?(?:\\./)?((?:relayctl|gitblobs) .*)$");

  /** What a shell would not hand to the program, and remarks. */
  private static final Pattern REST = Pattern.compile("\\s+(#|\\||<|>|&&|\\\\$).*$");

  private static final Pattern NAME = Pattern.compile("[a-z][a-z-]*");
  private static final Pattern OPTION = Pattern.compile("--?[a-zA-Z][\\w-]*");
  private static final Pattern COMMAND_LINE = Pattern.compile("  ([a-z][a-z-]*)(?: |$)");
  private static final Map<List<String>, String> HELP = new HashMap<>();

  @TempDir private static Path state;

  static List<Path> documents() {
    Path root = Launcher.checkout();
    try (Stream<Path> docs = Files.walk(root.resolve("docs"));
        Stream<Path> top = Files.list(root)) {
      return Stream.concat(docs, top)
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.endsWith("CHANGELOG.md"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> commands() {
    TreeSet<String> commands = new TreeSet<>();
    for (Path document : documents()) {
      String text = read(document);
      Matcher fence = FENCE.matcher(text);
      while (fence.find()) {
        fence.group(1).lines().forEach(line -> collect(line, commands));
      }
      Matcher inline = INLINE.matcher(text);
      while (inline.find()) {
        collect(inline.group(1), commands);
      }
    }
    return List.copyOf(commands);
  }

  private static void collect(String line, Set<String> commands) {
    Matcher command = COMMAND.matcher(line.strip());
    if (command.matches()) {
      commands.add(REST.matcher(command.group(1)).replaceFirst("").strip());
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linkToFilesThatAreThere(Path document) {
    Matcher link = LINK.matcher(read(document));
    while (link.find()) {
      assertThat(document.resolveSibling(link.group(1)).normalize()).as(link.group()).exists();
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void nameCommandsAndOptionsThatExist(String command) {
    assertThat(faults(command)).as(command).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relayctl status --no-such-option",
        "relayctl migrate up --env=prod -q",
        "relayctl no-such-command",
        "relayctl users no-such-command",
        "gitblobs push --no-such-option",
        "gitblobs no-such-command"
      })
  void wouldNoticeWhatDoesNotExist(String command) {
    assertThat(faults(command)).hasSize(1);
  }

  @Test
  void showATourThatRunsAsShown() {
    Run tour =
        new Launcher(state).run(List.of(Launcher.checkout().resolve("docs/tour.sh").toString()));
    assertThat(tour.exit()).as(tour.all()).isZero();
    assertThat(shownCommands(tour.out())).hasSizeGreaterThan(15);
    assertThat(shownCommands(read(Launcher.checkout().resolve("README.md"))))
        .containsExactlyElementsOf(shownCommands(tour.out()));
  }

  /** The commands of a transcript; the relay's address is another in each run. */
  private static List<String> shownCommands(String transcript) {
    return transcript
        .lines()
        .filter(line -> line.startsWith("$ "))
        .map(line -> line.replaceAll("http://127\\.0\\.0\\.1:\\d+", "URL"))
        .toList();
  }

  /** Which of a command's words its program does not know: by its help, since it is not run. */
  private static List<String> faults(String command) {
    List<String> words = List.of(command.replaceAll("[\"'\\[\\]]", "").split(" +"));
    int depth = 1;
    while (depth < words.size() && commands(words.subList(0, depth)).contains(words.get(depth))) {
      depth++;
    }
    List<String> path = words.subList(0, depth);
    List<String> rest = words.subList(depth, words.size());
    List<String> faults = new ArrayList<>();
    if (!commands(path).isEmpty() && !rest.isEmpty() && NAME.matcher(rest.get(0)).matches()) {
      faults.add("no command " + rest.get(0));
    }
    List<String> known = List.of(help(path).split("[^\\w-]+"));
    for (String word : rest) {
      String option = word.replaceFirst("=.*", "");
      if (OPTION.matcher(option).matches() && !known.contains(option)) {
        faults.add("no option " + option);
      }
    }
    return faults;
  }

  /** The subcommands that a command's help lists. */
  private static Set<String> commands(List<String> path) {
    return help(path)
        .lines()
        .dropWhile(line -> !line.equals("Commands:"))
        .takeWhile(line -> !line.isEmpty())
        .map(COMMAND_LINE::matcher)
        .filter(Matcher::lookingAt)
        .map(line -> line.group(1))
        .collect(Collectors.toSet());
  }

  private static String help(List<String> path) {
    return HELP.computeIfAbsent(
        List.copyOf(path),
        key -> {
          List<String> command = new ArrayList<>(key);
          command.set(0, Launcher.checkout().resolve(key.get(0)).toString());
          command.add("--help");
          Run run = new Launcher(state).run(command);
          assertThat(run.exit()).as(run.all()).isZero();
          return run.out();
        });
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
