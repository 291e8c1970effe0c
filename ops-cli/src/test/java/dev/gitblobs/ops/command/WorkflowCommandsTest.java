package dev.gitblobs.ops.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The words with which the GitHub workflows start relayctl. */
final class WorkflowCommandsTest {
  private static final String PROGRAM = "./relayctl ";

  @Test
  void areWordsThatRelayctlUnderstands() {
    List<String> commands = commands();
    assertThat(commands).hasSizeGreaterThan(10);
    for (String command : commands) {
      String[] words =
          command.substring(PROGRAM.length()).replaceAll("\"\\$[A-Z]+\"", "x").split(" +", -1);
      assertThatCode(() -> Relayctl.commandLine().parseArgs(words))
          .as(command)
          .doesNotThrowAnyException();
    }
  }

  private static List<String> commands() {
    Path folder = LocalCloudflare.root().resolve(".github/workflows");
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().flatMap(WorkflowCommandsTest::runs).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> runs(Path file) {
    try {
      Object text = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
      JsonNode workflow = new ObjectMapper().valueToTree(text);
      List<String> runs = new ArrayList<>();
      for (JsonNode job : workflow.path("jobs")) {
        job.path("steps").forEach(step -> runs.add(step.path("run").asText().strip()));
      }
      return runs.stream().filter(run -> run.startsWith(PROGRAM));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
