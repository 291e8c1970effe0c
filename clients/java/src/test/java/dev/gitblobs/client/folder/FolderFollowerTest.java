package dev.gitblobs.client.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.GitBlobsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderFollowerTest {
  /** Changes as a test makes them: each wait makes the next one, and the last ends it. */
  private static final class ScriptedChanges implements FolderChanges {
    private final Deque<Runnable> script = new ArrayDeque<>();
    private final Set<Path> watched = new HashSet<>();
    private final List<Duration> waits = new ArrayList<>();

    @Override
    public boolean watch(Collection<Path> directories) {
      return watched.addAll(directories);
    }

    @Override
    public boolean await(Duration time) {
      waits.add(time);
      Runnable next = script.poll();
      if (next != null) {
        next.run();
      }
      return next != null;
    }

    boolean isOver() {
      return script.isEmpty() && !waits.isEmpty();
    }

    @Override
    public void close() {
      script.clear();
    }
  }

  private final Desk desk;
  private final ScriptedChanges changes = new ScriptedChanges();
  private final List<FolderCommit> told = new ArrayList<>();
  private final List<GitBlobsException> troubles = new ArrayList<>();

  FolderFollowerTest(@TempDir Path parent) {
    this.desk = new Desk(parent);
  }

  private void follow() {
    int[] rounds = {0};
    new FolderFollower(desk.repository, desk.folder, changes, told::add, troubles::add)
        .run(() -> changes.isOver() && rounds[0]++ > 2);
  }

  @Test
  void commitsWhatIsSavedAndWritesWhatArrives() {
    changes.script.add(() -> desk.write("a", "1"));
    changes.script.add(() -> desk.arrive("b", "2"));
    changes.script.add(() -> desk.delete("a"));
    follow();
    assertThat(desk.files()).containsOnlyKeys("b").isEqualTo(desk.storedFiles());
    assertThat(told).hasSize(3);
    assertThat(told.get(1).brought().written()).containsExactly("b");
    assertThat(troubles).isEmpty();
  }

  @Test
  void watchesTheDirectoriesThatAreMadeAndLooksIntoThemOnceMore() {
    changes.script.add(() -> desk.write("deep/down/a", "1"));
    follow();
    assertThat(changes.watched)
        .contains(desk.folder.path(), desk.folder.path().resolve("deep/down"));
  }

  @Test
  void tellsOfAConflictOnce() {
    desk.write("f", "1");
    desk.commit();
    changes.script.add(
        () -> {
          desk.arrive("f", "theirs");
          desk.write("f", "ours");
        });
    changes.script.add(() -> desk.write("g", "1"));
    changes.script.add(() -> {});
    changes.script.add(() -> {});
    follow();
    assertThat(told).hasSize(2);
    assertThat(told.get(0).conflicts()).hasSize(1);
    assertThat(desk.text("f")).isEqualTo("ours");
    assertThat(desk.stored("g")).contains("1");
  }

  @Test
  void getsOverATroubleAfterAPause() throws Exception {
    Path aside = desk.place.resolveSibling("aside");
    Files.move(desk.place, aside);
    changes.script.add(
        () -> {
          try {
            Files.move(aside, desk.place);
            desk.write("a", "1");
          } catch (java.io.IOException e) {
            throw new AssertionError(e);
          }
        });
    changes.script.add(() -> {});
    follow();
    assertThat(troubles).hasSize(1);
    assertThat(changes.waits.get(0)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(desk.stored("a")).contains("1");
  }

  @Test
  void hearsOfRealChangesAndOfNoneThatAreNot() {
    try (FolderWatch watch = new FolderWatch(desk.place)) {
      assertThat(watch.watch(List.of(desk.place))).isTrue();
      assertThat(watch.watch(List.of(desk.place))).isFalse();
      assertThat(watch.await(Duration.ofMillis(1))).isFalse();
      desk.write("a", "1");
      assertThat(watch.await(Duration.ofSeconds(20))).isTrue();
      assertThat(watch.isBlind()).isFalse();
      watch.close();
      assertThat(watch.await(Duration.ofSeconds(20))).isFalse();
    }
  }
}
