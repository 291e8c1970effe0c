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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionTest {
  private Instant now = Instant.parse("2026-11-01T12:00:00Z");
  private final Repository notes;
  private Hash first;
  private Hash second;
  private Hash side;
  private Hash merge;

  RevisionTest(@TempDir Path folder) {
    this.notes = Repository.create(folder, new Author("Ada", "", () -> now));
  }

  private Hash put(String path, String day) {
    now = Instant.parse(day + "T12:00:00Z");
    CommitOutcome outcome = notes.commit("put", List.of(Edit.put(path, day.getBytes(UTF_8))));
    return ((CommitOutcome.Committed) outcome).commit().hash();
  }

  private void moveTo(Hash commit) {
    try (StoreWriter writer = notes.store().writer()) {
      writer.setHead(commit);
      writer.setRef("main", first);
      writer.commit();
    }
  }

  /** Two lines of one commit each above the first, merged. */
  @BeforeEach
  void history() {
    first = put("a", "2026-11-01");
    second = put("b", "2026-11-03");
    moveTo(first);
    side = put("c", "2026-11-05");
    moveTo(second);
    now = Instant.parse("2026-11-07T12:00:00Z");
    merge =
        ((MergeOutcome.Merged) notes.merge(side, ConflictResolver.NONE, UnrelatedPolicy.REFUSE))
            .commit()
            .hash();
  }

  private Hash at(String revision) {
    return notes.resolve(revision).hash();
  }

  @Test
  void goesToParentsAsGitDoes() {
    assertThat(List.of(at("HEAD"), at("@"), at("HEAD~0"), at("HEAD^0"), at(merge.hex())))
        .containsOnly(merge);
    assertThat(List.of(at("HEAD~"), at("HEAD^"), at("HEAD^1"), at("@~1"))).containsOnly(second);
    assertThat(at("HEAD^2")).isEqualTo(side);
    assertThat(List.of(at("HEAD~2"), at("HEAD^^"), at("HEAD^2~1"), at("HEAD^2^"), at("main")))
        .containsOnly(first);
    assertThat(at(side.hex().substring(0, 10) + "^")).isEqualTo(first);
  }

  @Test
  void goesBackStepByStep() {
    assertThat(at("HEAD@{0}")).isEqualTo(merge);
    assertThat(at("HEAD@{1}")).isEqualTo(second);
    assertThat(at("@{1}")).isEqualTo(second);
    assertThat(at("HEAD@{2}")).isEqualTo(side);
    assertThat(at("HEAD@{2}~1")).isEqualTo(first);
  }

  @Test
  void goesBackToADay() {
    assertThat(at("HEAD@{2026-11-01}")).isEqualTo(first);
    assertThat(at("HEAD@{2026-11-02}")).isEqualTo(first);
    assertThat(at("HEAD@{2026-11-04}")).isEqualTo(second);
    assertThat(at("HEAD@{2026-11-05}")).isEqualTo(side);
    assertThat(at("HEAD@{2026-11-05T11:59:59Z}")).isEqualTo(second);
    assertThat(at("HEAD@{2026-11-05 12:00:00}")).isEqualTo(side);
    assertThat(at("HEAD@{2030-01-01}")).isEqualTo(merge);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "~",
        "HEAD~3",
        "HEAD^3",
        "HEAD~1^2",
        "HEAD@{99}",
        "HEAD@{yesterday}",
        "HEAD@{}",
        "HEAD@{2026-10-31}",
        "HEAD@{2026-13-01}",
        "main@{1}",
        "nothing",
        "ffff0000",
        "../HEAD",
        "HEAD~9999999",
        "HEAD HEAD"
      })
  void saysWhatNamesNoCommit(String revision) {
    assertThatThrownBy(() -> at(revision)).isInstanceOf(NoSuchRevisionException.class);
    assertThat(Revision.find(notes.store(), revision)).isEmpty();
  }
}
