package dev.gitblobs.ops.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateFilesTest {
  @TempDir private Path root;

  private List<Path> everything() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.toList();
    }
  }

  @Test
  void writesForTheOwnerOnlyFolderAndFile() throws IOException {
    Path file = root.resolve("state/secret");
    StateFiles.write(file, "x");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("state"))))
        .isEqualTo("rwx------");
  }

  @Test
  void replacesWhatWasThereAndLeavesNothingElse() throws IOException {
    Path file = root.resolve("secret");
    StateFiles.write(file, "a longer one");
    StateFiles.write(file, "new");
    assertThat(StateFiles.read(file)).isEqualTo("new");
    assertThat(everything()).containsExactlyInAnyOrder(root, file);
  }

  @Test
  void leavesNoDraftWithTheSecretWhenItCannotBeWritten() throws IOException {
    Path taken = root.resolve("admin-token");
    Files.createDirectories(taken.resolve("sub"));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> StateFiles.write(taken, "the-secret"))
          .isInstanceOf(UncheckedIOException.class);
    }
    assertThat(everything()).containsExactlyInAnyOrder(root, taken, taken.resolve("sub"));
  }
}
