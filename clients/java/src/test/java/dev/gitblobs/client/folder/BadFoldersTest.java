package dev.gitblobs.client.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.Author;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.StoreWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders and names that are not as they should be. */
class BadFoldersTest {
  private final Path parent;
  private final Desk desk;

  BadFoldersTest(@TempDir Path parent) {
    this.parent = parent;
    this.desk = new Desk(parent);
  }

  private List<String> skipped() {
    return desk.folder.status().skipped().stream().map(Skipped::path).toList();
  }

  /** The head has files that no client of ours would make. */
  private void arriveByForce(String... names) {
    try (StoreWriter writer = desk.repository.store().writer()) {
      Map<String, TreeEntry> entries = new LinkedHashMap<>(desk.repository.files().entries());
      for (String name : names) {
        Blob blob = Blob.of(name.getBytes(StandardCharsets.UTF_8));
        writer.put(blob);
        entries.put(name, TreeEntry.of(blob.hash()));
      }
      desk.repository.commitFiles(writer, Tree.of(entries), "forced", Set.of(), commit -> {});
    }
  }

  private void mkfifo(Path place) throws Exception {
    Process process = new ProcessBuilder("mkfifo", place.toString()).start();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void tellsOfLinksPipesAndLoopsOneByOneAndStoresTheRest() throws Exception {
    desk.write("fine", "1");
    Files.createSymbolicLink(desk.place.resolve("link"), Path.of("fine"));
    Files.createSymbolicLink(desk.place.resolve("loop"), Path.of("."));
    Files.createSymbolicLink(desk.place.resolve("self"), Path.of("self"));
    Files.createSymbolicLink(desk.place.resolve("device"), Path.of("/dev/zero"));
    mkfifo(desk.place.resolve("pipe"));
    FolderCommit commit = desk.commit();
    assertThat(commit.skipped())
        .extracting(Skipped::path)
        .containsExactlyInAnyOrder("device", "link", "loop", "pipe", "self");
    assertThat(commit.isWhole()).isFalse();
    assertThat(desk.storedFiles()).containsOnlyKeys("fine");
  }

  @Test
  void doesNotTakeAFileForDeletedThatSomethingElseHasReplaced() throws Exception {
    desk.write("a", "1");
    desk.write("b", "1");
    desk.write("d/c", "1");
    desk.commit();
    desk.delete("a");
    Files.createSymbolicLink(desk.place.resolve("a"), Path.of("b"));
    desk.delete("b");
    mkfifo(desk.place.resolve("b"));
    Files.move(desk.place.resolve("d"), parent.resolve("d"));
    Files.createSymbolicLink(desk.place.resolve("d"), parent.resolve("d"));
    desk.write(".gitignore", "/d\n");
    assertThat(desk.changes()).containsExactly("NEW .gitignore");
    desk.commit();
    assertThat(desk.storedFiles()).containsOnlyKeys("a", "b", "d/c", ".gitignore");
  }

  @Test
  void findsAFileThatBecameAFolderAndAFolderThatBecameAFile() {
    desk.write("a", "1");
    desk.write("b/c", "1");
    desk.commit();
    desk.delete("a");
    desk.write("a/inside", "2");
    desk.delete("b/c");
    desk.delete("b");
    desk.write("b", "3");
    assertThat(desk.changes()).containsExactly("DELETED a", "NEW a/inside", "NEW b", "DELETED b/c");
    desk.commit();
    assertThat(desk.storedFiles()).isEqualTo(desk.files());
    desk.repository.undo(Set.of());
    desk.folder.bring();
    assertThat(desk.files()).containsOnlyKeys("a", "b/c").isEqualTo(desk.storedFiles());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../out",
        "/out",
        "a/../../out",
        "a//b",
        "a/",
        "./a",
        ".git/hooks/post-checkout",
        ".GIT/x",
        "sub/.git/config",
        "g\u200cit/../x",
        ".g\u200cit/x",
        ".git./x",
        "git~1/x",
        ".",
        "..",
        ".gitblobs-draft-1"
      })
  void writesNoArrivalThatLeavesTheFolderOrBelongsToGit(String name) {
    arriveByForce(name, "fine");
    Brought brought = desk.folder.bring();
    assertThat(brought.written()).containsExactly("fine");
    assertThat(brought.skipped()).extracting(Skipped::path).containsExactly(name);
    assertThat(desk.files()).containsOnlyKeys("fine");
    assertThat(parent.resolve("out")).doesNotExist();
    assertThat(desk.commit().changes()).isEmpty();
    assertThat(desk.repository.files().entries()).containsKey(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-rf", "--store", "two\nlines", "  ", "a\\b", "é", "10", "CON"})
  void keepsOddNamesAsTheyAre(String name) {
    arriveByForce(name);
    assertThat(desk.folder.bring().written()).containsExactly(name);
    assertThat(desk.text(name)).isEqualTo(name);
    desk.write(name, "changed");
    assertThat(desk.commit().isWhole()).isTrue();
    assertThat(desk.stored(name)).contains("changed");
  }

  @Test
  void writesThroughNoLink() throws IOException {
    Path outside = Files.createDirectory(parent.resolve("outside"));
    Files.createSymbolicLink(desk.place.resolve("d"), outside);
    Files.createSymbolicLink(desk.place.resolve("f"), outside.resolve("f"));
    arriveByForce("d/x", "f", "fine");
    Brought brought = desk.folder.bring();
    assertThat(brought.skipped()).extracting(Skipped::path).containsExactlyInAnyOrder("d/x", "f");
    assertThat(outside).isEmptyDirectory();
    assertThat(desk.text("fine")).isEqualTo("fine");
  }

  @Test
  void deletesThroughNoLink() throws IOException {
    desk.write("d/x", "1");
    desk.commit();
    desk.arriveDeletion("d/x");
    Files.move(desk.place.resolve("d"), parent.resolve("d"));
    Files.createSymbolicLink(desk.place.resolve("d"), parent.resolve("d"));
    assertThat(desk.folder.bring().deleted()).isEmpty();
    assertThat(parent.resolve("d/x")).hasContent("1");
  }

  @Test
  void leavesOutNewNamesThatOthersCouldNotHave() {
    desk.write("two\nlines", "1");
    desk.write("cafe\u0301", "1");
    desk.write("Makefile", "1");
    desk.write("makefile", "2");
    desk.write("Docs/a", "1");
    desk.write("docs/b", "1");
    desk.write("__proto__", "1");
    assertThat(skipped())
        .containsExactlyInAnyOrder("two\nlines", "cafe\u0301", "makefile", "docs/b", "__proto__");
    assertThat(desk.commit().isWhole()).isFalse();
    assertThat(desk.storedFiles()).containsOnlyKeys("Makefile", "Docs/a");
    desk.arrive("makefile", "2");
    assertThat(skipped()).doesNotContain("makefile");
  }

  @Test
  void goesAThousandLevelsDown() throws IOException {
    Path deep = desk.place;
    for (int level = 0; level < 500; level++) {
      deep = deep.resolve("d");
    }
    Files.createDirectories(deep);
    Files.writeString(deep.resolve("f"), "1");
    assertThat(desk.commit().isWhole()).isTrue();
    Path deeper = deep;
    for (int level = 500; level < 1000; level++) {
      deeper = deeper.resolve("d");
    }
    Files.createDirectories(deeper);
    Files.writeString(deeper.resolve("f"), "1");
    assertThat(skipped()).containsExactly("d/".repeat(1000) + "f");
    assertThat(desk.repository.files().entries()).hasSize(1);
  }

  @Test
  void readsAFileAgainThatChangesWhileItIsScanned() {
    desk.write("a", "1");
    desk.write("b", "1");
    desk.commit();
    desk.write("a", "2");
    int[] looks = {0};
    Author ticking =
        new Author(
            "Ada",
            "",
            () -> {
              if (looks[0]++ == 0) {
                desk.delete("b"); // between the begin of the look and the folder's listing
                desk.write("c/d", "new");
              }
              return Instant.ofEpochSecond(4_000_000_000L);
            });
    WorkingFolder folder =
        WorkingFolder.of(Repository.open(desk.repository.store().base(), ticking)).orElseThrow();
    folder.commit(null, path -> true, ConflictResolver.NONE);
    assertThat(desk.storedFiles()).isEqualTo(desk.files());
  }

  @Test
  void worksWithAClockBefore1970() {
    Author early = new Author("Ada", "", () -> Instant.ofEpochSecond(-86_400L * 365));
    Repository repository = Repository.open(desk.repository.store().base(), early);
    WorkingFolder folder = WorkingFolder.of(repository).orElseThrow();
    desk.write("f", "1");
    folder.commit(null, path -> true, ConflictResolver.NONE);
    desk.write("f", "2");
    assertThat(folder.status().changes()).hasSize(1);
    folder.commit(null, path -> true, ConflictResolver.NONE);
    assertThat(repository.head().orElseThrow().author().timestamp()).startsWith("1969");
    assertThat(folder.status().changes()).isEmpty();
    assertThat(desk.stored("f")).contains("2");
  }

  @Test
  void tellsWhatAReadOnlyFolderDoesNotTakeAndBringsItLater() {
    desk.write("f", "1");
    desk.commit();
    desk.arrive("f", "2");
    desk.arrive("g", "3");
    FaultySteps readOnly = FaultySteps.refusingWrites();
    WorkingFolder folder = readOnly.folder(desk);
    Brought brought = folder.bring();
    assertThat(brought.skipped()).extracting(Skipped::path).containsExactlyInAnyOrder("f", "g");
    assertThat(brought.skipped().get(0).reason()).contains("permission denied");
    assertThat(desk.files()).containsOnlyKeys("f").containsEntry("f", "1");
    desk.folder.bring();
    assertThat(desk.files()).isEqualTo(desk.storedFiles());
  }

  @Test
  void saysWhenTheFolderItselfIsGone() throws IOException {
    Files.delete(desk.place);
    assertThatThrownBy(desk::commit).hasMessageContaining(desk.place.toString());
  }
}
