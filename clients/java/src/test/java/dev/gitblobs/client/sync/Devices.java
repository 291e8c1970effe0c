package dev.gitblobs.client.sync;

import dev.gitblobs.client.Author;
import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.object.Hash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Devices of one user that share a relay in memory, and what they waited for. */
final class Devices implements Pauses {
  final InMemoryRelay relay = new InMemoryRelay();

  /** The pauses asked for, none of them made. */
  final List<Duration> waited = Collections.synchronizedList(new ArrayList<>());

  /** How many connections had been lost in a row at each pause. */
  final BlockingQueue<Integer> losses = new LinkedBlockingQueue<>();

  private final Path folder;
  private final AtomicLong seconds = new AtomicLong(1_700_000_000);

  Devices(Path folder) {
    this.folder = folder;
  }

  @Override
  public void await(Duration duration) {
    waited.add(duration);
  }

  @Override
  public void pause(int failures) {
    losses.add(failures);
  }

  Author author(String name) {
    return new Author(name, "", () -> Instant.ofEpochSecond(seconds.incrementAndGet()));
  }

  Repository device(String name) {
    return Repository.create(folder.resolve(name), author(name));
  }

  static SyncState state(Repository repository) {
    String name = String.valueOf(repository.store().base().getFileName());
    return SyncState.load(repository.store().ownFolder())
        .orElse(SyncState.fresh("http://localhost", "notes", name));
  }

  Syncer syncer(Repository repository) {
    return syncer(repository, Syncer.Making.NEVER);
  }

  Syncer syncer(Repository repository, Syncer.Making making) {
    return new Syncer(
        repository,
        relay,
        state(repository),
        SyncProgress.SILENT,
        ConflictResolver.NONE,
        UnrelatedPolicy.REFUSE,
        making,
        this);
  }

  SyncOutcome.Done sync(Repository repository) {
    return (SyncOutcome.Done) syncer(repository).sync(Syncer.Direction.BOTH);
  }

  static Hash put(Repository repository, String path, String text) {
    return put(repository, List.of(Edit.put(path, text.getBytes(StandardCharsets.UTF_8))));
  }

  static Hash put(Repository repository, List<Edit> edits) {
    return ((CommitOutcome.Committed) repository.commit("put", edits)).commit().hash();
  }

  /** So many small files. */
  static List<Edit> files(int count) {
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      edits.add(Edit.put("file-" + i, ("content " + i).getBytes(StandardCharsets.UTF_8)));
    }
    return edits;
  }
}
