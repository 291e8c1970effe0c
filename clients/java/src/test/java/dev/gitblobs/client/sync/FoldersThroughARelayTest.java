package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.folder.FolderCommit;
import dev.gitblobs.client.folder.WorkingFolder;
import dev.gitblobs.client.history.ConflictResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two devices, each with a folder of its own, share one store through a relay. */
class FoldersThroughARelayTest {
  private final Path parent;
  private final Devices devices;

  FoldersThroughARelayTest(@TempDir Path parent) {
    this.parent = parent;
    this.devices = new Devices(parent.resolve("stores"));
  }

  private final class Person {
    private final Path files;
    private final Repository store;
    private final WorkingFolder folder;

    Person(String name) {
      this.files = parent.resolve(name);
      this.store = devices.device(name);
      this.folder = WorkingFolder.attach(store, files);
    }

    void write(String name, String text) throws IOException {
      Files.createDirectories(files.resolve(name).resolveSibling("."));
      Files.writeString(files.resolve(name), text);
    }

    FolderCommit sync() {
      FolderCommit commit = folder.commit(null, path -> true, ConflictResolver.NONE);
      devices.sync(store);
      assertThat(folder.bring().skipped()).isEmpty();
      return commit;
    }

    Map<String, String> files() throws IOException {
      Map<String, String> texts = new TreeMap<>();
      try (Stream<Path> all = Files.walk(files)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          texts.put(files.relativize(file).toString(), Files.readString(file));
        }
      }
      return texts;
    }
  }

  @Test
  void exchangeLinesFilesNamesAndDeletions() throws IOException {
    Person ada = new Person("ada");
    Person ben = new Person("ben");
    ada.write("plan.txt", "1\n2\n3\n4\n5\n");
    ada.write("old/name.txt", "the same");
    ada.sync();
    ben.sync();
    assertThat(ben.files()).isEqualTo(ada.files());

    ada.write("plan.txt", "ada\n2\n3\n4\n5\n");
    Files.createDirectories(ada.files.resolve("new"));
    Files.move(ada.files.resolve("old/name.txt"), ada.files.resolve("new/name.txt"));
    ben.write("plan.txt", "1\n2\n3\n4\nben\n");
    ben.write("only-ben.txt", "b");
    ada.sync();
    ben.sync();
    ada.sync();
    assertThat(ada.files())
        .isEqualTo(ben.files())
        .containsEntry("plan.txt", "ada\n2\n3\n4\nben\n")
        .containsEntry("new/name.txt", "the same")
        .containsKey("only-ben.txt")
        .doesNotContainKey("old/name.txt");

    Files.delete(ada.files.resolve("only-ben.txt"));
    ada.sync();
    ben.sync();
    assertThat(ben.files()).isEqualTo(ada.files()).doesNotContainKey("only-ben.txt");
  }

  @Test
  void leaveACollisionToBeDecidedAndLoseNeitherSide() throws IOException {
    Person ada = new Person("ada");
    Person ben = new Person("ben");
    ada.write("plan.txt", "1\n");
    ada.sync();
    ben.sync();
    ada.write("plan.txt", "ada\n");
    ada.sync();
    ben.write("plan.txt", "ben\n");
    // Arrives before ben's is committed: his stays in his folder.
    devices.sync(ben.store);
    assertThat(ben.sync().conflicts()).hasSize(1);
    assertThat(ben.files()).containsEntry("plan.txt", "ben\n");
    ben.folder.commit(null, path -> true, conflict -> new ConflictResolver.KeepBoth());
    ben.sync();
    ada.sync();
    assertThat(ada.files())
        .isEqualTo(ben.files())
        .containsEntry("plan.txt", "ben\n")
        .containsEntry("plan (theirs).txt", "ada\n");
  }
}
