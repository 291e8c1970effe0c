package dev.gitblobs.client.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.MergeOutcome;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.StoreWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three folders whose people edit lines of their own, restore, get killed and exchange. */
class FolderModelTest {
  private static final int LINES = 30;

  @TempDir private Path parent;

  /** Takes what the hub has, merges it, and brings it the outcome, as through a relay. */
  private static void exchange(Desk desk, Repository hub) {
    copy(hub, desk.repository);
    Optional<Hash> theirs = hub.store().head();
    if (theirs.isPresent()) {
      assertThat(merge(desk.repository, theirs.get()))
          .isNotInstanceOf(MergeOutcome.Conflicted.class);
    }
    copy(desk.repository, hub);
    assertThat(merge(hub, desk.repository.store().head().orElseThrow()))
        .isNotInstanceOf(MergeOutcome.Merged.class);
  }

  private static MergeOutcome merge(Repository to, Hash theirs) {
    return to.merge(theirs, ConflictResolver.NONE, UnrelatedPolicy.REFUSE);
  }

  private static void copy(Repository from, Repository to) {
    try (StoreWriter writer = to.store().writer()) {
      from.store().forEach(writer::put);
      writer.commit();
    }
  }

  private static List<String> lines(Desk desk) {
    return new ArrayList<>(desk.text("f").lines().toList());
  }

  private static void edit(Desk desk, int line, String text) {
    List<String> lines = lines(desk);
    lines.set(line, text);
    desk.write("f", String.join("\n", lines) + "\n");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void convergeWithEveryEdit(long seed) {
    Random random = new Random(seed);
    List<Desk> desks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      desks.add(new Desk(parent.resolve("desk" + i)));
    }
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      expected.add("line " + i);
    }
    desks.get(0).write("f", String.join("\n", expected) + "\n");
    desks.get(0).commit();
    Repository hub = Repository.create(parent.resolve("hub"), desks.get(0).repository.author());
    for (Desk desk : desks) {
      exchange(desk, hub);
      desk.folder.bring();
    }
    SortedSet<String> names = new TreeSet<>(Set.of("f"));
    for (int step = 0; step < 50; step++) {
      int who = random.nextInt(3);
      Desk desk = desks.get(who);
      switch (random.nextInt(8)) {
        case 0 -> desk.commit();
        case 1 -> dieAt(desk, random.nextInt(25));
        case 2 -> {
          desk.commit();
          exchange(desk, hub);
          assertThat(desk.folder.bring().skipped()).isEmpty();
        }
        case 3 -> {
          desk.commit();
          exchange(desk, hub);
          dieAt(desk, random.nextInt(12));
        }
        case 4 -> {
          // A mistake that is committed and taken back.
          desk.commit();
          edit(desk, 6 * random.nextInt(LINES / 6) + who * 2, "a mistake");
          desk.commit();
          desk.repository.undo(List.of(desk.repository.store().head().orElseThrow()));
          desk.folder.bring();
        }
        case 5 -> {
          String name = "of " + who + "/" + step;
          desk.write(name, "step " + step);
          names.add(name);
        }
        default -> {
          int line = 6 * random.nextInt(LINES / 6) + who * 2;
          String now = "folder " + who + ", step " + step;
          expected.set(line, now);
          edit(desk, line, now);
        }
      }
    }
    converge(desks, hub);
    for (Desk desk : desks) {
      assertThat(desk.files()).isEqualTo(desk.storedFiles());
      assertThat(desk.files().keySet()).containsExactlyElementsOf(names);
      assertThat(lines(desk)).isEqualTo(expected);
      assertThat(desk.repository.files().hash()).isEqualTo(desks.get(0).repository.files().hash());
    }
  }

  private static void dieAt(Desk desk, int step) {
    try {
      FaultySteps.killedAt(step).folder(desk).commit(null, path -> true, ConflictResolver.NONE);
    } catch (FaultySteps.Killed | GitBlobsException died) {
      return; // whoever comes next goes on
    }
  }

  private static void converge(List<Desk> desks, Repository hub) {
    for (int round = 0; round < 2; round++) {
      for (Desk desk : desks) {
        assertThat(desk.commit().conflicts()).isEmpty();
        exchange(desk, hub);
        assertThat(desk.commit().isWhole()).isTrue();
      }
    }
  }
}
