package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.Author;
import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Edit;
import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.PackImport;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.pack.PackReader;
import dev.gitblobs.client.pack.Packer;
import dev.gitblobs.client.store.FaultyStores;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.client.store.StoreCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The disk dies, or the process is killed, at every write step of everything that writes. */
class CrashTest {
  private static final Author ADA =
      new Author("Ada", "", () -> Instant.ofEpochSecond(1_700_000_000));

  private final Path folder;
  private final Path ours;
  private final Path theirs;

  CrashTest(@TempDir Path folder) {
    this.folder = folder;
    this.ours = folder.resolve("ours");
    this.theirs = folder.resolve("theirs");
  }

  private static void put(Repository repository, String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(repository.commit("put " + path, List.of(Edit.put(path, bytes))))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  private static void load(Repository into, Repository from) {
    new PackImport(into.store(), count -> {})
        .run(PackReader.of(new Packer(from.store()).full(Instant.EPOCH)), false);
  }

  /** Two histories with one root. */
  @BeforeEach
  void diverge() {
    Repository a = Repository.create(ours, ADA);
    put(a, "base", "0");
    Repository b = Repository.create(theirs, ADA);
    load(b, a);
    put(a, "from-a", "1");
    put(b, "from-b", "2");
  }

  /** A fresh copy of our store to kill something in; for a merge it has their commits. */
  private Path prepared(KilledWriter.Action action, int step) throws IOException {
    Path store = folder.resolve(action + "-" + step);
    try (Stream<Path> files = Files.walk(ours)) {
      for (Path file : files.toList()) {
        Files.copy(file, store.resolve(ours.relativize(file).toString()));
      }
    }
    if (action == KilledWriter.Action.MERGE) {
      load(Repository.open(store, ADA), Repository.open(theirs, ADA));
    }
    return store;
  }

  /**
   * The store is whole with its head as it was or as it was to be, and the same can be done now.
   */
  private void isWholeAfter(KilledWriter.Action action, Path store) {
    Optional<Hash> before = FileStore.open(ours).head();
    Optional<Hash> after = FileStore.open(store).head();
    assertThat(StoreCheck.run(FileStore.open(store), count -> {}).isWhole()).isTrue();
    action.run(FileStore.open(store), FileStore.open(theirs));
    assertThat(after).isIn(before, FileStore.open(store).head());
    assertThat(StoreCheck.run(FileStore.open(store), count -> {}).isWhole()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void leavesAWholeStoreWhereverTheDiskDies(KilledWriter.Action action) throws IOException {
    boolean isDead;
    int step = 0;
    do {
      Path store = prepared(action, step);
      FaultyStores.Faulty faulty = FaultyStores.open(store, step++, () -> {});
      try {
        action.run(faulty.store(), FileStore.open(theirs));
      } catch (GitBlobsException died) {
        assertThat(died).hasMessageContaining("No space left");
      }
      isWholeAfter(action, store);
      isDead = faulty.isDead();
    } while (isDead);
    assertThat(step).isGreaterThan(8);
  }

  @ParameterizedTest
  @EnumSource
  void leavesAWholeStoreAndNoLockWhereverTheProcessIsKilled(KilledWriter.Action action)
      throws Exception {
    int exit = KilledWriter.KILLED;
    int step = 0;
    for (; exit == KilledWriter.KILLED; step++) {
      Path store = prepared(action, step);
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  KilledWriter.class.getName(),
                  action.name(),
                  store.toString(),
                  theirs.toString(),
                  Integer.toString(step))
              .inheritIO()
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      exit = process.exitValue();
      isWholeAfter(action, store);
    }
    assertThat(exit).isZero();
    assertThat(step).isGreaterThan(8);
  }
}
