package dev.gitblobs.client.sync;

import dev.gitblobs.client.Author;
import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repositories;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.history.PackImport;
import dev.gitblobs.client.pack.PackReader;
import dev.gitblobs.client.pack.Packer;
import dev.gitblobs.client.store.FaultyStores;
import dev.gitblobs.client.store.FileStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A process that is killed, with the lock in its hand, at a write step of what it does. */
final class KilledWriter {
  /** As a shell reports kill -9. */
  static final int KILLED = 137;

  private static final Author ADA =
      new Author("Ada", "", () -> Instant.ofEpochSecond(1_700_000_100));

  /** What writes to a store. */
  enum Action {
    ADD {
      @Override
      void run(FileStore store, FileStore other) {
        Repositories.of(store, ADA).commit("add", List.of(Edit.put("added", new byte[] {1, 2, 3})));
      }
    },
    IMPORT {
      @Override
      void run(FileStore store, FileStore other) {
        byte[] pack = new Packer(other).full(Instant.EPOCH);
        new PackImport(store, count -> {}).run(PackReader.of(pack), false);
      }
    },
    MERGE {
      @Override
      void run(FileStore store, FileStore other) {
        Repositories.of(store, ADA)
            .merge(other.head().orElseThrow(), ConflictResolver.NONE, UnrelatedPolicy.REFUSE);
      }
    },
    PULL {
      @Override
      void run(FileStore store, FileStore other) {
        InMemoryRelay relay = new InMemoryRelay();
        sync(relay, Repositories.of(other, ADA), Syncer.Direction.PUSH);
        sync(relay, Repositories.of(store, ADA), Syncer.Direction.PULL);
      }
    };

    /** Does it to the store; {@code other} is a store that has diverged from it. */
    abstract void run(FileStore store, FileStore other);
  }

  private KilledWriter() {}

  private static void sync(Relay relay, Repository repository, Syncer.Direction direction) {
    new Syncer(
            repository,
            relay,
            SyncState.fresh("http://localhost", "notes", "device"),
            SyncProgress.SILENT,
            ConflictResolver.NONE,
            UnrelatedPolicy.REFUSE,
            Syncer.Making.NEVER,
            duration -> {})
        .sync(direction);
  }

  /** Arguments: the action, the store, the other store, the step to die at. */
  public static void main(String[] args) {
    FaultyStores.Faulty faulty =
        FaultyStores.open(
            Path.of(args[1]), Integer.parseInt(args[3]), () -> Runtime.getRuntime().halt(KILLED));
    Action.valueOf(args[0]).run(faulty.store(), FileStore.open(Path.of(args[2])));
  }
}
