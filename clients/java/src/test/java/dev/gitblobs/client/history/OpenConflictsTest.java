package dev.gitblobs.client.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.Author;
import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.StoreWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenConflictsTest {
  private final AtomicLong seconds = new AtomicLong(1_700_000_000);
  private final Path folder;
  private final Author ada =
      new Author("Ada", "", () -> Instant.ofEpochSecond(seconds.incrementAndGet()));
  private final Repository notes;
  private Hash ours;
  private Hash theirs;

  OpenConflictsTest(@TempDir Path folder) {
    this.folder = folder;
    this.notes = Repository.create(folder, ada);
  }

  private Hash put(String path, String text) {
    CommitOutcome outcome = notes.commit("put", List.of(Edit.put(path, text.getBytes(UTF_8))));
    return ((CommitOutcome.Committed) outcome).commit().hash();
  }

  private String read(String path) {
    return notes.read(path).map(bytes -> new String(bytes, UTF_8)).orElse("-");
  }

  private void moveTo(Hash commit) {
    try (StoreWriter writer = notes.store().writer()) {
      writer.setHead(commit);
      writer.commit();
    }
  }

  /** Both edited f.txt, and each added a file. */
  @BeforeEach
  void diverge() {
    Hash base = put("f.txt", "base\n");
    put("theirs.txt", "new\n");
    theirs = put("f.txt", "theirs\n");
    moveTo(base);
    put("ours.txt", "new\n");
    ours = put("f.txt", "ours\n");
  }

  private MergeOutcome.Merged mergeLeavingOpen() {
    return (MergeOutcome.Merged)
        notes.mergeLeavingOpen(theirs, ConflictResolver.NONE, UnrelatedPolicy.REFUSE, "laptop");
  }

  @Test
  void mergesEverythingElseAndRemembersWhatIsOpen() {
    MergeOutcome.Merged merged = mergeLeavingOpen();
    assertThat(merged.commit().parents()).containsExactly(ours, theirs);
    assertThat(notes.files().entries()).containsOnlyKeys("f.txt", "ours.txt", "theirs.txt");
    assertThat(read("f.txt")).isEqualTo("theirs\n");
    Repository reopened = Repository.open(folder, ada);
    assertThat(reopened.conflicts()).isEqualTo(merged.open());
    Conflict conflict = reopened.conflicts().get(0);
    assertThat(conflict.path()).isEqualTo("f.txt");
    assertThat(conflict.device()).isEqualTo("laptop");
    assertThat(conflict.kind()).isEqualTo(Conflict.Kind.BOTH_EDITED);
  }

  @Test
  void decidesForEitherSide() {
    mergeLeavingOpen();
    assertThat(notes.decide(ConflictResolver.NONE)).isInstanceOf(CommitOutcome.Unchanged.class);
    assertThat(notes.conflicts()).hasSize(1);
    CommitOutcome outcome = notes.decide(ConflictResolver.OURS);
    assertThat(((CommitOutcome.Committed) outcome).commit().message()).isEqualTo("Decide f.txt");
    assertThat(read("f.txt")).isEqualTo("ours\n");
    assertThat(notes.conflicts()).isEmpty();
    notes.undo(List.of());
    assertThat(read("f.txt")).isEqualTo("theirs\n");
  }

  @Test
  void decidesForTheirsWithoutACommit() {
    Hash head = mergeLeavingOpen().commit().hash();
    notes.decide(ConflictResolver.THEIRS);
    assertThat(notes.conflicts()).isEmpty();
    assertThat(notes.store().head()).contains(head);
  }

  @Test
  void keepsBothUnderNamesOfTheirOwn() {
    mergeLeavingOpen();
    notes.decide(conflict -> new ConflictResolver.KeepBoth());
    assertThat(read("f.txt")).isEqualTo("ours\n");
    assertThat(read("f (from laptop).txt")).isEqualTo("theirs\n");
    assertThat(notes.conflicts()).isEmpty();
  }

  @Test
  void isDecidedByWhoeverWritesTheFileAnew() {
    mergeLeavingOpen();
    put("ours.txt", "something else\n");
    assertThat(notes.conflicts()).hasSize(1);
    put("f.txt", "by hand\n");
    assertThat(notes.conflicts()).isEmpty();
  }

  @Test
  void isNoConflictAnyMoreWhenTheMergeIsUndone() {
    mergeLeavingOpen();
    notes.undo(List.of(theirs));
    assertThat(notes.store().head()).contains(ours);
    assertThat(notes.conflicts()).isEmpty();
    assertThat(mergeLeavingOpen().open()).hasSize(1);
  }

  @Test
  void changesNothingWhereTheResolverRefuses() {
    ConflictResolver refusing =
        new ConflictResolver() {
          @Override
          public void begin(Set<String> paths) {
            throw new IllegalArgumentException(paths.toString());
          }

          @Override
          public Resolution resolve(Conflict conflict) {
            return new Take(null);
          }
        };
    assertThatThrownBy(() -> notes.merge(theirs, refusing, UnrelatedPolicy.REFUSE))
        .hasMessage("[f.txt]");
    assertThat(notes.store().head()).contains(ours);
    assertThatThrownBy(() -> notes.merge(ours, refusing, UnrelatedPolicy.REFUSE)).hasMessage("[]");
  }
}
