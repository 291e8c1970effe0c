package dev.gitblobs.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkerFilesTest {
  private final Path project;

  WorkerFilesTest(@TempDir Path project) {
    this.project = project;
  }

  @Test
  void readsTheManifestOfTheWorker() {
    var manifest = WorkerManifest.read(Path.of("../worker/bindings.json"));

    assertThat(manifest.mainModule()).isEqualTo("worker.mjs");
    assertThat(manifest.durableObjects())
        .contains(new WorkerManifest.DurableObject("HUB", "StoreHub"));
    assertThat(manifest.migrations()).isNotEmpty();
    assertThat(manifest.secrets()).containsAll(StackSettings.SECRET_NAMES);
  }

  @Test
  void namesTheFieldThatAManifestLacks() throws IOException {
    var file = Files.writeString(project.resolve("bindings.json"), "{\"main_module\":\"a.mjs\"}");

    assertThatThrownBy(() -> WorkerManifest.read(file))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("\"compatibility_date\" is missing");
  }

  @Test
  void tellsHowToBuildAMissingBundle() {
    assertThatThrownBy(() -> WorkerBundle.read(project, false))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("npm run build -w worker");
  }

  @Test
  void namesTheBundleRelativelySoThatTheStateIsTheSameInEveryCheckout() throws IOException {
    writeBundle("one");

    var bundle = WorkerBundle.read(project, false);

    assertThat(bundle.path()).isEqualTo("worker/dist/worker.mjs");
    // sha256sum of the three bytes "one"
    assertThat(bundle.sha256())
        .isEqualTo("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed");
  }

  @Test
  void namesTheBundleAbsolutelyForAnAttachedProvider() throws IOException {
    writeBundle("one");

    assertThat(Path.of(WorkerBundle.read(project, true).path())).isAbsolute().exists();
  }

  @Test
  void findsTheCommitThatTheBundleWasBuiltFrom() throws IOException {
    writeBundle("var RELEASE = \"0.1.0+4bf0b04534b8\";");
    assertThat(WorkerBundle.read(project, false).gitCommit()).contains("4bf0b04534b8");

    writeBundle("var RELEASE = \"0.1.0+unknown\";");
    assertThat(WorkerBundle.read(project, false).gitCommit()).isEmpty();
  }

  private void writeBundle(String code) throws IOException {
    Files.createDirectories(project.resolve("worker/dist"));
    Files.writeString(project.resolve("worker/dist/worker.mjs"), code);
  }
}
