package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.e2e.Launcher.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The documents hold: links lead somewhere, commands exist with these very words, and the tour
 * runs.
 */
final class DocumentsIT {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)]*)?\\)");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```(?:sh|console)\\n(.*?)^```");
  private static final Pattern INLINE =
      Pattern.compile("`((?:\\./)?(?:relayctl|gitblobs) [^`,\u2026]+)`");
  private static final Pattern COMMAND =
      Pattern.compile("^(?:\\$ )?(?:\\./)?((?:relayctl|gitblobs) .*)$");

  /** What a shell would not hand to the program, and remarks. */
  private static final Pattern REST = Pattern.compile("\\s+(#|\\||<|>|&&|\\\\$).*$");

  @TempDir private Path state;

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
    Run run = help(command);
    assertThat(run.exit()).as(command + "\n" + run.all()).isZero();
  }

  @Test
  void wouldNoticeAnOptionThatDoesNotExist() {
    assertThat(help("relayctl status --no-such-option").exit()).isEqualTo(2);
    assertThat(help("gitblobs push --no-such-option").exit()).isEqualTo(2);
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

  private Run help(String command) {
    List<String> words = new ArrayList<>(List.of(command.replaceAll("[\"'\\[\\]]", "").split(" ")));
    words.set(0, Launcher.checkout().resolve(words.get(0)).toString());
    words.add("--help");
    return new Launcher(state).run(words);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
