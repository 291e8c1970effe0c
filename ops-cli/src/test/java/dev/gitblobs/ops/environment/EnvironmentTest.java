package dev.gitblobs.ops.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvironmentTest {
  @TempDir private Path root;
  private Project project;

  @BeforeEach
  void haveALocalStack() throws IOException {
    project = new Project(root);
    Path file = project.stackFile("local");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "config: {}\n");
  }

  @Test
  void namesTheKnownOnesWhenAskedForAnother() {
    assertThatThrownBy(() -> project.environment("qa"))
        .isInstanceOfSatisfying(
            OpsException.class,
            e -> {
              assertThat(e).hasMessageContaining("'qa'");
              assertThat(e.remedy()).contains("local").contains("infra/stacks/Pulumi.qa.yaml");
              assertThat(e.isUsage()).isTrue();
            });
  }

  @Test
  void keepsItsStateOutsideARelease() throws IOException {
    Environment local = project.environment("local");
    assertThat(local.state(Map.of())).isEqualTo(root.resolve(".gitblobs/local"));
    Files.createDirectory(root.resolve("jars"));
    Path home = Path.of(System.getProperty("user.home"));
    assertThat(local.state(Map.of("XDG_STATE_HOME", " ")))
        .isEqualTo(home.resolve(".local/state/gitblobs-relay/local"));
    assertThat(local.state(Map.of("HOME", "/h")))
        .isEqualTo(Path.of("/h/.local/state/gitblobs-relay/local"));
    assertThat(local.state(Map.of("XDG_STATE_HOME", "/s")))
        .isEqualTo(Path.of("/s/gitblobs-relay/local"));
    assertThat(local.state(Map.of("XDG_STATE_HOME", "/s", "RELAY_STATE", "/r")))
        .isEqualTo(Path.of("/r/local"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "Local", "a b", "-x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
  void refusesNamesThatCannotBeAStacks(String name) {
    assertThatThrownBy(() -> project.environment(name)).isInstanceOf(OpsException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "local, true",
    "pr-7, true",
    "pr-1234, true",
    "prod, false",
    "pr, false",
    "pr-, false",
    "pr7, false",
    "pr-7-eu, false",
    "pr-x, false",
    "preview, false",
    "primary, false",
    "local-2, false",
    "dev, false"
  })
  void letsTheDataOfThisMachineAndOfPullRequestsAloneBeLost(String name, boolean isDisposable)
      throws IOException {
    Files.writeString(project.stackFile(name), "config: {}\n");
    assertThat(project.environment(name).isDisposable()).isEqualTo(isDisposable);
  }

  @Test
  void letsOnlyOneRunChangeAnEnvironmentAtATime() throws IOException {
    Environment local = project.environment("local");
    try (StateLock held = StateLock.take(local)) {
      assertThatThrownBy(() -> StateLock.take(local))
          .isInstanceOf(OpsException.class)
          .hasMessageContaining("Another relayctl");
    }
    StateLock.take(local).close();
  }

  @Test
  void leavesNothingBehindWhenTheLockIsForgotten() throws IOException {
    Environment local = project.environment("local");
    try (StateLock held = StateLock.take(local)) {
      Files.delete(local.state());
      held.forgetFile();
    }
    assertThat(local.state().getParent()).doesNotExist();
  }

  @Test
  void treatsADamagedMemoryOfOutputsAsNone() {
    Environment local = project.environment("local");
    StateFiles.write(local.state().resolve("outputs.json"), "{\"accountId\": ");
    assertThat(Outputs.remembered(local)).isEmpty();
  }
}
