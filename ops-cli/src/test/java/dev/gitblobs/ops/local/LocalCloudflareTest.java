package dev.gitblobs.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which process is ours, when the record may name one that has taken over an old pid. */
final class LocalCloudflareTest {
  @TempDir private Path root;
  private final List<Process> processes = new ArrayList<>();
  private Environment local;
  private Path state;

  @BeforeEach
  void haveAnEnvironment() throws IOException {
    Project project = new Project(root);
    Files.createDirectories(project.stackFile("local").getParent());
    Files.writeString(project.stackFile("local"), "config: {}\n");
    local = project.environment("local");
    state = Files.createDirectories(local.state().resolve("cloudflare"));
  }

  @AfterEach
  void endThem() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void knowsItsOwnProcessByTheStateFolderThatItServes() throws IOException {
    record(living("cloudflare-local.jar", "serve", "--state", state.toString(), "--node", "node"));

    assertThat(new LocalCloudflare(local).running()).isPresent();
  }

  @Test
  void takesNoForeignProcessForItsOwnThoughItIsCalledTheSame() throws IOException {
    Process foreign =
        living("cloudflare-local.jar", "serve", "--state", state + "-other", "--node", "node");
    record(foreign);
    LocalCloudflare cloudflare = new LocalCloudflare(local);

    assertThat(cloudflare.running()).isEmpty();
    assertThat(cloudflare.isStale()).isTrue();
    assertThat(cloudflare.stop()).isFalse();
    assertThat(foreign.isAlive()).isTrue();
  }

  @Test
  void takesNoProcessForItsOwnThatMerelyNamesTheCheckout() throws IOException {
    record(living("editor", "cloudflare-local/pom.xml"));

    assertThat(new LocalCloudflare(local).running()).isEmpty();
  }

  /** A process that waits for its standard input to end, with these words on its command line. */
  private Process living(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "read line", "sh"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).start();
    processes.add(process);
    return process;
  }

  private void record(Process process) throws IOException {
    Files.writeString(
        state.resolve("instance.json"),
        "{\"pid\":%d,\"api_url\":\"http://127.0.0.1:1\",\"provider_port\":1}"
            .formatted(process.pid()));
  }
}
