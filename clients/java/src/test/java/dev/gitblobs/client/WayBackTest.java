package dev.gitblobs.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.history.PackImport;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.pack.PackReader;
import dev.gitblobs.client.pack.Packer;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.client.store.StoreWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Undo, revert, restore, and what became of one file. */
class WayBackTest {
  private final AtomicLong seconds = new AtomicLong(1_700_000_000);
  private final Path folder;
  private final Author ada =
      new Author("Ada", "", () -> Instant.ofEpochSecond(seconds.incrementAndGet()));
  private final Repository notes;

  WayBackTest(@TempDir Path folder) {
    this.folder = folder;
    this.notes = Repository.create(folder.resolve("notes"), ada);
  }

  private Hash put(Repository repository, String path, String text) {
    CommitOutcome outcome =
        repository.commit("put " + path, List.of(Edit.put(path, text.getBytes(UTF_8))));
    return ((CommitOutcome.Committed) outcome).commit().hash();
  }

  private String read(String path) {
    return notes.read(path).map(bytes -> new String(bytes, UTF_8)).orElse("-");
  }

  private Hash head() {
    return notes.store().head().orElseThrow();
  }

  @Test
  void undoesOneStepAfterAnotherUpToTheFirst() {
    Hash one = put(notes, "f", "1");
    Hash two = put(notes, "f", "2");
    put(notes, "f", "3");
    assertThat(notes.undo(List.of())).isInstanceOf(UndoOutcome.MovedBack.class);
    assertThat(head()).isEqualTo(two);
    notes.undo(List.of());
    assertThat(head()).isEqualTo(one);
    assertThat(notes.undo(List.of())).isInstanceOf(UndoOutcome.Committed.class);
    assertThat(notes.files().entries()).isEmpty();
    put(notes, "g", "4");
    notes.undo(List.of());
    assertThat(notes.files().entries()).isEmpty();
  }

  @Test
  void rewritesNothingThatOthersHave() {
    put(notes, "f", "1");
    Hash two = put(notes, "f", "2");
    UndoOutcome outcome = notes.undo(List.of(two));
    assertThat(outcome).isInstanceOf(UndoOutcome.Committed.class);
    Commit undo = ((UndoOutcome.Committed) outcome).commit();
    assertThat(undo.parents()).containsExactly(two);
    assertThat(undo.message()).isEqualTo("Undo commit: put f");
    assertThat(read("f")).isEqualTo("1");
    assertThat(notes.undo(List.of(two))).isInstanceOf(UndoOutcome.Committed.class);
    assertThat(notes.files().entries()).isEmpty();
    assertThat(notes.undo(List.of(two))).isInstanceOf(UndoOutcome.Nothing.class);
  }

  @Test
  void goesOnBehindAStepThatChangedNoFile() {
    put(notes, "f", "1");
    put(notes, "f", "2");
    Repository other = copy("other");
    Hash ours = put(notes, "f", "same");
    Hash theirs = put(other, "f", "same");
    load(other);
    notes.merge(theirs, ConflictResolver.NONE, UnrelatedPolicy.REFUSE);
    List<Hash> pushed = List.of(head());
    assertThat(ours).isNotEqualTo(head());
    assertThat(notes.undo(pushed)).isInstanceOf(UndoOutcome.Committed.class);
    assertThat(read("f")).isEqualTo("same");
    notes.undo(pushed);
    assertThat(read("f")).isEqualTo("2");
    notes.undo(pushed);
    assertThat(read("f")).isEqualTo("1");
  }

  @Test
  void undoesAMergeAndMergesAgain() {
    put(notes, "f", "1\n2\n3\n");
    Repository other = copy("other");
    Hash ours = put(notes, "f", "1\n2\nours\n");
    Hash theirs = put(other, "f", "theirs\n2\n3\n");
    load(other);
    notes.merge(theirs, ConflictResolver.NONE, UnrelatedPolicy.REFUSE);
    assertThat(read("f")).isEqualTo("theirs\n2\nours\n");
    assertThat(notes.undo(List.of(theirs))).isInstanceOf(UndoOutcome.MovedBack.class);
    assertThat(head()).isEqualTo(ours);
    notes.merge(theirs, ConflictResolver.NONE, UnrelatedPolicy.REFUSE);
    assertThat(read("f")).isEqualTo("theirs\n2\nours\n");
  }

  @Test
  void undoesAnImportThatReplacedTheHistory() {
    Hash ours = put(notes, "f", "ours");
    Repository other = Repository.create(folder.resolve("other"), ada);
    put(other, "g", "theirs");
    byte[] pack = new Packer(other.store()).full(Instant.EPOCH);
    new PackImport(notes.store(), count -> {}).run(PackReader.of(pack), true);
    assertThat(read("g")).isEqualTo("theirs");
    notes.undo(List.of());
    assertThat(head()).isEqualTo(ours);
  }

  @Test
  void undoesACommitOfAnOriginalClientThatKeepsNoLog() throws IOException {
    put(notes, "f", "1");
    Repository original = copy("original");
    Hash theirs = put(original, "f", "2");
    load(original);
    Files.copy(
        original.store().base().resolve("HEAD"),
        notes.store().base().resolve("HEAD"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(head()).isEqualTo(theirs);
    notes.undo(List.of());
    assertThat(read("f")).isEqualTo("1");
  }

  @Test
  void readsALogWhoseLastLineWasCutAndWhoseStepDidNotComeAbout() throws IOException {
    put(notes, "f", "1");
    Hash two = put(notes, "f", "2");
    Path log = notes.store().ownFolder().resolve("heads.log");
    String lost = "\n{\"before\":\"%s\",\"after\":\"%s\",\"step\":\"commit\"}";
    Files.writeString(log, lost.formatted(two, Hash.of(new byte[0])), StandardOpenOption.APPEND);
    assertThat(notes.store().headLog().steps(notes.store().head())).hasSize(2);
    Files.writeString(log, "\n{\"before\":\"12", StandardOpenOption.APPEND);
    put(notes, "f", "3");
    notes.undo(List.of());
    assertThat(head()).isEqualTo(two);
  }

  @Test
  void revertsACommitAndKeepsWhatCameAfterIt() {
    put(notes, "f", "1\n2\n3\n4\n5\n");
    Hash bad = put(notes, "f", "1\nbad\n3\n4\n5\n");
    put(notes, "f", "1\nbad\n3\n4\nlater\n");
    put(notes, "g", "new");
    RevertOutcome outcome = notes.revert(bad, ConflictResolver.NONE);
    assertThat(((RevertOutcome.Reverted) outcome).commit().message())
        .isEqualTo("Revert \"put f\"\n\nThis reverts commit " + bad + ".");
    assertThat(read("f")).isEqualTo("1\n2\n3\n4\nlater\n");
    assertThat(read("g")).isEqualTo("new");
    assertThat(notes.revert(bad, ConflictResolver.NONE))
        .isInstanceOf(RevertOutcome.Unchanged.class);
  }

  @Test
  void asksWhereALaterCommitChangedTheSame() {
    put(notes, "f", "1\n");
    Hash bad = put(notes, "f", "bad\n");
    Hash later = put(notes, "f", "later\n");
    RevertOutcome outcome = notes.revert(bad, ConflictResolver.NONE);
    assertThat(((RevertOutcome.Conflicted) outcome).conflicts())
        .singleElement()
        .extracting(conflict -> conflict.path())
        .isEqualTo("f");
    assertThat(head()).isEqualTo(later);
    notes.revert(bad, ConflictResolver.THEIRS);
    assertThat(read("f")).isEqualTo("1\n");
  }

  @Test
  void restoresADeletedFileAnEarlierVersionAndOneThatIsNamed() {
    Hash first = put(notes, "f", "1");
    put(notes, "f", "2");
    put(notes, "f", "3");
    notes.restore("f", null);
    assertThat(read("f")).isEqualTo("2");
    notes.commit("gone", List.of(new Edit.Remove("f")));
    notes.restore("f", null);
    assertThat(read("f")).isEqualTo("2");
    notes.restore("f", first);
    assertThat(read("f")).isEqualTo("1");
    assertThat(notes.restore("f", first)).isInstanceOf(CommitOutcome.Unchanged.class);
    assertThat(notes.restore("never", null)).isInstanceOf(CommitOutcome.Refused.class);
    notes.undo(List.of());
    assertThat(read("f")).isEqualTo("2");
  }

  @Test
  void listsTheVersionsOfOneFileAndNoOthers() {
    Hash first = put(notes, "f", "1");
    put(notes, "g", "1");
    Hash second = put(notes, "f", "2");
    put(notes, "g", "2");
    notes.commit("gone", List.of(new Edit.Remove("f")));
    Hash gone = head();
    put(notes, "g", "3");
    List<Hash> commits = new ArrayList<>();
    List<Boolean> isThere = new ArrayList<>();
    notes
        .history("f")
        .forEachRemaining(
            version -> {
              commits.add(version.commit().hash());
              isThere.add(version.entry() != null);
            });
    assertThat(commits).containsExactly(gone, second, first);
    assertThat(isThere).containsExactly(false, true, true);
    assertThat(notes.history("never").hasNext()).isFalse();
  }

  @Test
  void leavesTheStoreToOriginalClients() throws IOException {
    put(notes, "f", "1");
    put(notes, "f", "2");
    notes.undo(List.of());
    notes.restore("f", null);
    try (var files = Files.list(notes.store().base())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("HEAD", "objects", "gitblobs");
    }
  }

  private Repository copy(String name) {
    Repository copy = Repository.create(folder.resolve(name), ada);
    transfer(notes.store(), copy.store());
    try (StoreWriter writer = copy.store().writer()) {
      writer.setHead(head());
      writer.commit();
    }
    return copy;
  }

  private void load(Repository other) {
    transfer(other.store(), notes.store());
  }

  private static void transfer(FileStore from, FileStore to) {
    try (StoreWriter writer = to.writer()) {
      from.forEach(writer::put);
      writer.commit();
    }
  }
}
