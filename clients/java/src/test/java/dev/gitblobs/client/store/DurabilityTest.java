package dev.gitblobs.client.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Signature;
import dev.gitblobs.client.object.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told as written outlives a loss of power. */
class DurabilityTest {
  private static final Signature ADA = new Signature("Ada", "", "2024-01-01T00:00:00.000Z");

  private final ForgetfulDisk disk = new ForgetfulDisk();
  private final Path folder;

  DurabilityTest(@TempDir Path folder) {
    this.folder = folder.toAbsolutePath();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40})
  void aCommitIsWholeOnDiskBeforeAnyNameOfItIs(int files) {
    FileStore.create(folder);
    Commit commit = Commit.of(Tree.EMPTY.hash(), List.of(), ADA, ADA, "first");
    try (StoreWriter writer = new FileStore(folder, disk).writer()) {
      IntStream.range(0, files).forEach(i -> writer.put(blob("file " + i)));
      writer.put(Tree.EMPTY);
      writer.put(commit);
      writer.setHead(commit.hash());
      writer.setRef("main", commit.hash());
      writer.commit();
    }
    assertThat(disk.emptied()).isEmpty();
    assertThat(disk.unsynced()).isEmpty();
  }

  @Test
  void aSmallFileIsWholeOnDiskBeforeItHasItsName() throws IOException {
    Path file = folder.resolve("new/relay.json");
    DurableFile.write(disk, file, "{}".getBytes(StandardCharsets.UTF_8));
    assertThat(file).hasContent("{}");
    assertThat(disk.emptied()).isEmpty();
    assertThat(disk.unsynced()).isEmpty();
  }

  @Test
  void aSmallFileThatCannotBeWrittenStaysAsItWasWithoutADraftBesideIt() throws IOException {
    Path file = Files.writeString(folder.resolve("relay.json"), "old");
    for (int steps = 0; steps < 4; steps++) {
      FaultyDisk faulty = new FaultyDisk(steps);
      assertThatThrownBy(() -> DurableFile.write(faulty, file, new byte[] {1, 2}))
          .isInstanceOf(IOException.class);
      assertThat(file).hasContent("old");
      assertThat(folder)
          .isDirectoryContaining(file::equals)
          .isDirectoryNotContaining("glob:**.new");
    }
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
