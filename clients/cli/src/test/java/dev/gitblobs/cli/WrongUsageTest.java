package dev.gitblobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words that make no command. */
final class WrongUsageTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "nosuch, There is no command 'gitblobs nosuch'. See gitblobs --help.",
    "nosuch --help, There is no command 'gitblobs nosuch'. See gitblobs --help.",
    "stauts, Did you mean status",
    "log --nosuch, See gitblobs log --help.",
    "cat, Missing required parameter",
    "help nosuch, nosuch",
  })
  void areToldInOneLineAndToMachinesAsJson(String line, String told) {
    CommandRun user = new CommandRun(folder);
    CommandRun.Result run = user.run(line.split(" ", -1));
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("gitblobs: ").contains(told).hasLineCount(1);

    String[] words =
        Stream.of(line.split(" ", -1), new String[] {"--json"})
            .flatMap(Stream::of)
            .toArray(String[]::new);
    CommandRun.Result machine = user.run(words);
    assertThat(machine.exit()).isEqualTo(2);
    assertThat(machine.err()).isEmpty();
    assertThat(machine.json().toText()).startsWith("{\"error\":{\"message\":\"");
  }

  @Test
  void areNotThereWithoutAny() {
    CommandRun.Result run = new CommandRun(folder).run();
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).isEqualTo("gitblobs: Say a command; see gitblobs --help.\n");
  }
}
