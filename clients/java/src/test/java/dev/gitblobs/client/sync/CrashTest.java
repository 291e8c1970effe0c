package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.Author;
import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Edit;
import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.Repositories;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
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
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk dies, or the process is killed, at every write step of everything that writes. */
class CrashTest {
  private static final Author ADA =
      new Author("Ada", "", () -> Instant.ofEpochSecond(1_700_000_000));

  private final Path folder;

  CrashTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static void put(Repository repository, String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(repository.commit("put " + path, List.of(Edit.put(path, bytes))))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  private Repository create(String name) {
    return Repository.create(folder.resolve(name), ADA);
  }

  /** Two histories with one root; returns a pack of the second. */
  private byte[] diverge(String ours, String theirs) {
    Repository a = create(ours);
    put(a, "base", "0");
    Repository b = create(theirs);
    new PackImport(b.store(), n -> {})
        .run(PackReader.of(new Packer(a.store()).full(Instant.EPOCH)), false);
    put(a, "from-a", "1");
    put(b, "from-b", "2");
    return new Packer(b.store()).full(Instant.EPOCH);
  }

  private static Path copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
      return to;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs the action with a disk that dies at step 1, 2, 3 ... until it lives through all. */
  private int dieAtEveryStep(Path original, Consumer<FileStore> action) {
    Optional<Hash> before = FileStore.open(original).head();
    for (int step = 0; ; step++) {
      Path store = copy(original, folder.resolve("try-" + step));
      FaultyStores.Faulty faulty = FaultyStores.open(store, step, () -> {});
      try {
        action.accept(faulty.store());
      } catch (GitBlobsException died) {
        assertThat(died).hasMessageContaining("No space left");
      }
      assertThat(StoreCheck.run(FileStore.open(store), n -> {}).isWhole()).isTrue();
      Optional<Hash> after = FileStore.open(store).head();
      // What was asked for can be done over what the crash left.
      action.accept(FileStore.open(store));
      Optional<Hash> done = FileStore.open(store).head();
      assertThat(after).isIn(before, done);
      assertThat(StoreCheck.run(FileStore.open(store), n -> {}).isWhole()).isTrue();
      if (!faulty.isDead()) {
        return step;
      }
    }
  }

  @Test
  void addLeavesAWholeStore() {
    Repository notes = create("notes");
    put(notes, "a", "1");
    int steps =
        dieAtEveryStep(
            notes.store().base(),
            store ->
                Repositories.of(store, ADA)
                    .commit("add", List.of(Edit.put("b", new byte[] {1, 2, 3}))));
    assertThat(steps).isGreaterThan(10);
  }

  @Test
  void importLeavesAWholeStore() {
    byte[] pack = diverge("a", "b");
    Repository empty = create("empty");
    int steps =
        dieAtEveryStep(
            empty.store().base(),
            store -> new PackImport(store, n -> {}).run(PackReader.of(pack), false));
    assertThat(steps).isGreaterThan(15);
  }

  @Test
  void mergeLeavesAWholeStore() {
    byte[] pack = diverge("a", "b");
    Repository a = Repository.open(folder.resolve("a"), ADA);
    new PackImport(a.store(), n -> {}).run(PackReader.of(pack), false);
    Hash theirs = PackReader.of(pack).header().commitHead().orElseThrow();
    int steps =
        dieAtEveryStep(
            folder.resolve("a"),
            store ->
                Repositories.of(store, ADA)
                    .merge(theirs, ConflictResolver.NONE, UnrelatedPolicy.REFUSE));
    assertThat(steps).isGreaterThan(8);
  }

  @Test
  void pullLeavesAWholeStore() {
    diverge("a", "b");
    InMemoryRelay relay = new InMemoryRelay();
    pull(relay, Repository.open(folder.resolve("b"), ADA), Syncer.Direction.PUSH);
    int steps =
        dieAtEveryStep(
            folder.resolve("a"),
            store -> pull(relay, Repositories.of(store, ADA), Syncer.Direction.PULL));
    assertThat(steps).isGreaterThan(15);
  }

  private static void pull(Relay relay, Repository repository, Syncer.Direction direction) {
    SyncState state = SyncState.fresh("http://localhost", "notes", "device");
    new Syncer(
            repository,
            relay,
            state,
            SyncProgress.SILENT,
            ConflictResolver.NONE,
            UnrelatedPolicy.REFUSE,
            failures -> {})
        .sync(direction);
  }

  @Test
  void aKilledProcessLeavesAWholeStoreAndNoLock() throws Exception {
    Repository notes = create("notes");
    put(notes, "a", "1");
    for (int step = 0; step < 16; step += 3) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  KilledWriter.class.getName(),
                  notes.store().base().toString(),
                  Integer.toString(step))
              .inheritIO()
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(KilledWriter.KILLED);
      assertThat(StoreCheck.run(notes.store(), n -> {}).isWhole()).isTrue();
      put(notes, "after " + step, "the lock is free");
    }
  }
}
