package dev.gitblobs.client.folder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.Author;
import dev.gitblobs.client.Edit;
import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.Repositories;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.store.FaultyStores;
import dev.gitblobs.client.store.StoreCheck;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process is killed, or the disk is full, at every step of a commit that also brings. */
class FolderCrashTest {
  @TempDir private Path parent;

  /** Files that changed here, there, on both sides, came and went. */
  private Desk busyDesk(String name) {
    Desk desk = new Desk(parent.resolve(name));
    desk.write("both", "1\n2\n3\n4\n5\n");
    desk.write("here", "1");
    desk.write("there", "1");
    desk.write("gone/here", "1");
    desk.write("gone-there/file", "1");
    desk.commit();
    desk.arrive(
        List.of(
            Edit.put("both", "1\n2\n3\n4\ntheirs\n".getBytes(UTF_8)),
            Edit.put("there", "2".getBytes(UTF_8)),
            Edit.put("new-there/file", "3".getBytes(UTF_8)),
            new Edit.Remove("gone-there/file")));
    desk.write("both", "ours\n2\n3\n4\n5\n");
    desk.write("here", "2");
    desk.write("new-here", "3");
    desk.delete("gone/here");
    return desk;
  }

  /** What has to come out in the end, and never was lost on the way. */
  private static void isWhole(Desk desk) {
    assertThat(desk.files())
        .containsEntry("both", "ours\n2\n3\n4\ntheirs\n")
        .containsEntry("here", "2")
        .containsEntry("there", "2")
        .containsEntry("new-here", "3")
        .containsEntry("new-there/file", "3")
        .hasSize(5)
        .isEqualTo(desk.storedFiles());
    assertThat(desk.changes()).isEmpty();
    assertThat(StoreCheck.run(desk.repository.store(), count -> {}).isWhole()).isTrue();
  }

  private static boolean dies(WorkingFolder folder) {
    try {
      folder.commit(null, path -> true, ConflictResolver.NONE);
      return false;
    } catch (FaultySteps.Killed | GitBlobsException died) {
      return true;
    }
  }

  private int untilDone(String name, IntFunction<FaultySteps> faults) {
    int step = 0;
    boolean isOver = true;
    for (; isOver; step++) {
      Desk desk = busyDesk(name + step);
      FaultySteps steps = faults.apply(step);
      dies(steps.folder(desk));
      isOver = steps.isOver();
      assertThat(desk.commit().isWhole()).as("step %d", step).isTrue();
      isWhole(desk);
    }
    return step;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void losesNothingWhereverTheFolderCanNoLongerBeWritten(boolean isKill) {
    int steps = untilDone("at", isKill ? FaultySteps::killedAt : FaultySteps::fullAt);
    assertThat(steps).isGreaterThan(15);
  }

  @Test
  void losesNothingWhereverTheStoreCanNoLongerBeWritten() {
    boolean isDead = true;
    int step = 0;
    for (; isDead; step++) {
      Desk desk = busyDesk("store" + step);
      FaultyStores.Faulty faulty =
          FaultyStores.open(desk.repository.store().base(), step, () -> {});
      Author author = new Author("Ada", "", () -> Instant.ofEpochSecond(4_000_000_000L));
      Repository dying = Repositories.of(faulty.store(), author);
      dies(WorkingFolder.of(dying).orElseThrow());
      isDead = faulty.isDead();
      desk.write("here", "2 and more");
      assertThat(desk.commit().isWhole()).as("step %d", step).isTrue();
      desk.write("here", "2");
      assertThat(desk.commit().isWhole()).as("step %d", step).isTrue();
      isWhole(desk);
    }
    assertThat(step).isGreaterThan(8);
  }

  @Test
  void asksAboutNothingWhenMoreArrivesAndIsEditedAfterAKill() {
    boolean isOver = true;
    for (int step = 0; isOver; step++) {
      Desk desk = busyDesk("more" + step);
      FaultySteps steps = FaultySteps.killedAt(step);
      dies(steps.folder(desk));
      isOver = steps.isOver();
      desk.arrive("there", "4");
      desk.write("new-here", "4");
      FolderCommit commit = desk.commit();
      assertThat(commit.conflicts()).as("step %d", step).isEmpty();
      assertThat(desk.files()).isEqualTo(desk.storedFiles()).containsEntry("there", "4");
    }
  }
}
