package dev.gitblobs.client.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.history.ConflictResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkingFolderTest {
  private final Path parent;
  private final Desk desk;

  WorkingFolderTest(@TempDir Path parent) {
    this.parent = parent;
    this.desk = new Desk(parent);
  }

  @Test
  void tellsNewChangedDeletedAndRenamedFilesAsSuch() {
    desk.write("stays", "0");
    desk.write("changes", "1");
    desk.write("goes", "2");
    desk.write("old/name", "3");
    assertThat(desk.changes())
        .containsExactly("NEW changes", "NEW goes", "NEW old/name", "NEW stays");
    assertThat(desk.commit().isWhole()).isTrue();
    assertThat(desk.changes()).isEmpty();
    desk.write("changes", "one");
    desk.delete("goes");
    desk.delete("old/name");
    desk.write("new/name", "3");
    desk.write("new/file", "4");
    assertThat(desk.changes())
        .containsExactly(
            "CHANGED changes", "DELETED goes", "NEW new/file", "RENAMED old/name -> new/name");
    desk.commit();
    assertThat(desk.changes()).isEmpty();
    assertThat(desk.storedFiles()).isEqualTo(desk.files()).doesNotContainKey("goes");
  }

  @Test
  void commitsWhatIsNamedAndSaysWhatItDid() {
    desk.write("a", "1");
    desk.write("b", "2");
    FolderCommit commit = desk.folder.commit(null, path -> path.equals("a"), ConflictResolver.NONE);
    assertThat(((CommitOutcome.Committed) commit.outcome()).commit().message())
        .isEqualTo("add file: a");
    assertThat(desk.changes()).containsExactly("NEW b");
    assertThat(desk.commit().changes()).hasSize(1);
    assertThat(desk.commit().outcome()).isInstanceOf(CommitOutcome.Unchanged.class);
  }

  @Test
  void bringsWhatArrivesAndTakesAwayWhatWasDeleted() throws IOException {
    desk.write("deep/below/a", "1");
    desk.write("tool", "#!/bin/sh");
    Files.setPosixFilePermissions(
        desk.place.resolve("tool"), PosixFilePermissions.fromString("rwx------"));
    desk.commit();
    desk.arrive("tool", "#!/bin/bash");
    desk.arrive("other/b", "2");
    desk.arriveDeletion("deep/below/a");
    Brought brought = desk.folder.bring();
    assertThat(brought.written()).containsExactlyInAnyOrder("tool", "other/b");
    assertThat(brought.deleted()).containsExactly("deep/below/a");
    assertThat(desk.files()).isEqualTo(desk.storedFiles());
    assertThat(desk.place.resolve("deep")).doesNotExist();
    assertThat(Files.getPosixFilePermissions(desk.place.resolve("tool")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(desk.folder.bring().isNothing()).isTrue();
  }

  @Test
  void leavesALocalChangeAloneAndMergesItAtTheNextCommit() {
    desk.write("f", "1\n2\n3\n");
    desk.commit();
    desk.arrive("f", "1\n2\ntheirs\n");
    desk.write("f", "ours\n2\n3\n");
    assertThat(desk.folder.bring().isNothing()).isTrue();
    assertThat(desk.text("f")).isEqualTo("ours\n2\n3\n");
    assertThat(desk.folder.status().changes().get(0).isContested()).isTrue();
    assertThat(desk.commit().isWhole()).isTrue();
    assertThat(desk.text("f")).isEqualTo("ours\n2\ntheirs\n");
    assertThat(desk.stored("f")).contains("ours\n2\ntheirs\n");
  }

  @Test
  void asksAboutTheSameLinesAndRecordsTheRest() {
    desk.write("f", "1\n");
    desk.write("gone", "1\n");
    desk.commit();
    desk.arrive("f", "theirs\n");
    desk.arrive("gone", "theirs\n");
    desk.write("f", "ours\n");
    desk.delete("gone");
    desk.write("g", "new");
    FolderCommit commit = desk.commit();
    assertThat(commit.conflicts())
        .extracting(Conflict::kind)
        .containsExactlyInAnyOrder(Conflict.Kind.BOTH_EDITED, Conflict.Kind.DELETED_BY_US);
    assertThat(commit.outcome()).isInstanceOf(CommitOutcome.Committed.class);
    assertThat(desk.stored("f")).contains("theirs\n");
    assertThat(desk.stored("g")).contains("new");
    assertThat(desk.text("f")).isEqualTo("ours\n");
    assertThat(desk.commit().conflicts()).hasSize(2);
    FolderCommit decided =
        desk.folder.commit(
            null,
            path -> true,
            conflict ->
                conflict.path().equals("f")
                    ? new ConflictResolver.KeepBoth()
                    : ConflictResolver.THEIRS.resolve(conflict));
    assertThat(decided.isWhole()).isTrue();
    assertThat(desk.files())
        .containsEntry("f", "ours\n")
        .containsEntry("f (theirs)", "theirs\n")
        .containsEntry("gone", "theirs\n")
        .isEqualTo(desk.storedFiles());
  }

  @Test
  void refusesADecisionAboutWhatIsNotInConflictBeforeAnythingChanges() {
    desk.write("f", "1");
    ConflictResolver fussy =
        new ConflictResolver() {
          @Override
          public Resolution resolve(Conflict conflict) {
            return new Undecided();
          }

          @Override
          public void begin(Set<String> paths) {
            throw new IllegalArgumentException("in conflict: " + paths);
          }
        };
    assertThatThrownBy(() -> desk.folder.commit(null, path -> true, fussy))
        .hasMessage("in conflict: []");
    assertThat(desk.repository.head()).isEmpty();
  }

  @Test
  void takesAFolderThatHasFilesAlreadyWithoutLosingOne() {
    desk.arrive("same", "1");
    desk.arrive("other", "theirs");
    desk.arrive("missing", "3");
    desk.write("same", "1");
    desk.write("other", "ours");
    assertThat(desk.folder.bring().written()).containsExactly("missing");
    assertThat(desk.text("other")).isEqualTo("ours");
    assertThat(desk.commit().conflicts())
        .extracting(Conflict::kind)
        .containsExactly(Conflict.Kind.BOTH_ADDED);
  }

  @Test
  void goesBackWithAnUndo() {
    desk.write("f", "1");
    desk.commit();
    desk.write("f", "2");
    desk.write("g", "3");
    desk.commit();
    desk.repository.undo(Set.of());
    desk.folder.bring();
    assertThat(desk.files()).containsOnlyKeys("f").containsEntry("f", "1");
  }

  @Test
  void noticesAnEditOfTheSameLengthWhateverTheFileSaysOfItsTime() throws IOException {
    desk.write("f", "1");
    desk.commit();
    Path file = desk.place.resolve("f");
    var time = Files.getLastModifiedTime(file);
    assertThat(desk.changes()).isEmpty();
    Files.writeString(file, "2");
    Files.setLastModifiedTime(file, time);
    assertThat(desk.changes()).containsExactly("CHANGED f");
  }

  @Test
  void losesNothingWithItsIndex() throws IOException {
    desk.write("f", "1");
    desk.write("g", "1");
    desk.commit();
    Path index = desk.repository.store().ownFolder().resolve("folder.index");
    byte[] bytes = Files.readAllBytes(index);
    desk.write("f", "2");
    desk.delete("g");
    bytes[bytes.length / 2] ^= 1;
    Files.write(index, bytes);
    desk.folder.bring();
    assertThat(desk.files()).containsEntry("f", "2").containsEntry("g", "1");
    Files.write(index, new byte[] {1, 2});
    assertThat(desk.commit().conflicts()).hasSize(1);
  }

  @Test
  void belongsToOneStoreAtATimeAndIsFoundAgain() throws IOException {
    desk.write("f", "1");
    assertThat(WorkingFolder.of(desk.repository))
        .map(WorkingFolder::path)
        .contains(desk.folder.path());
    assertThatThrownBy(() -> WorkingFolder.attach(desk.repository, parent.resolve("another")))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("--detach");
    assertThatThrownBy(() -> WorkingFolder.attach(new Desk(parent.resolve("x")).repository, parent))
        .hasMessageContaining("--detach");
    WorkingFolder.detach(desk.repository);
    WorkingFolder.detach(desk.repository);
    assertThat(WorkingFolder.of(desk.repository)).isEmpty();
    assertThatThrownBy(
            () -> WorkingFolder.attach(desk.repository, parent.resolve("store/objects/inside")))
        .hasMessageContaining("part of the store itself");
    Path file = Files.writeString(parent.resolve("file"), "");
    assertThatThrownBy(() -> WorkingFolder.attach(desk.repository, file))
        .isInstanceOf(GitBlobsException.class);
  }

  @Test
  void leavesOutTheStoreThatLiesInIt() {
    WorkingFolder.detach(desk.repository);
    Path store = desk.repository.store().base();
    WorkingFolder outer = WorkingFolder.attach(desk.repository, parent);
    desk.write("f", "1");
    assertThat(outer.status().changes()).extracting(FolderChange::path).containsExactly("files/f");
    WorkingFolder.detach(desk.repository);
    WorkingFolder same = WorkingFolder.attach(desk.repository, store);
    assertThat(same.status().changes()).isEmpty();
    desk.arrive("HEAD", "not the store's");
    desk.arrive("objects/x", "not the store's");
    desk.arrive("fine", "1");
    assertThat(same.bring().skipped())
        .extracting(Skipped::path)
        .containsExactlyInAnyOrder("HEAD", "objects/x");
    assertThat(store.resolve("fine")).hasContent("1");
    assertThat(same.status().changes()).isEmpty();
  }

  @Test
  void refusesAFolderThatIsAnotherOneThanWasAttached() throws IOException {
    desk.write("f", "1");
    desk.commit();
    Files.move(desk.place, parent.resolve("elsewhere"));
    assertThatThrownBy(desk::commit).isInstanceOf(GitBlobsException.class);
    Files.createDirectory(desk.place);
    assertThatThrownBy(desk::commit).hasMessageContaining("Is a disk missing?");
    desk.folder = WorkingFolder.attach(desk.repository, desk.place);
    assertThat(desk.changes()).containsExactly("DELETED f");
  }

  @Test
  void goesOnWithAFolderThatWasMoved() throws IOException {
    desk.write("f", "1");
    desk.commit();
    desk.write("f", "2");
    Path elsewhere = Files.move(desk.place, parent.resolve("elsewhere"));
    assertThatThrownBy(desk::commit).hasMessageContaining("is not there");
    desk.folder = WorkingFolder.attach(desk.repository, elsewhere);
    assertThat(desk.changes()).containsExactly("CHANGED f");
    assertThat(desk.commit().isWhole()).isTrue();
  }
}
