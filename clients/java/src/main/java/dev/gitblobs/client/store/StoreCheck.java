package dev.gitblobs.client.store;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Checks a whole store: each file's form and hash, and that everything referred to is there. Reads
 * each object once, several at a time; memory grows with the number of objects, not their size.
 */
public final class StoreCheck {
  /** Files handed out and not yet read; keeps the listing from running ahead. */
  private static final int MAX_WAITING = 1024;

  private final FileStore store;
  private final LongConsumer progress;
  private final Connectivity sound = new Connectivity();
  private final ConcurrentLinkedQueue<StoreReport.Finding> findings = new ConcurrentLinkedQueue<>();
  private final AtomicLong done = new AtomicLong();

  private StoreCheck(FileStore store, LongConsumer progress) {
    this.store = store;
    this.progress = progress;
  }

  /** Checks the store; {@code progress} is told how many files are done, from several threads. */
  public static StoreReport run(FileStore store, LongConsumer progress) {
    return new StoreCheck(store, progress).run();
  }

  private StoreReport run() {
    readAll();
    List<Hash> starts = starts();
    starts.forEach(hash -> sound.want(ObjectType.COMMIT, hash, "HEAD or a ref"));
    Map<ObjectId, String> missing = sound.missing(id -> false);
    Set<ObjectId> reachable = missing.isEmpty() ? Set.of() : reachable(starts);
    missing.forEach(
        (id, referrer) ->
            find(
                reachable.contains(id) ? StoreReport.Kind.MISSING : StoreReport.Kind.INCOMPLETE,
                id.toString(),
                referrer + " refers to it"));
    Map<ObjectType, Long> counts = new EnumMap<>(ObjectType.class);
    sound.seen().forEach(id -> counts.merge(id.type(), 1L, Long::sum));
    List<StoreReport.Finding> sorted = new ArrayList<>(findings);
    sorted.sort(
        Comparator.comparing(StoreReport.Finding::kind)
            .thenComparing(StoreReport.Finding::subject));
    return new StoreReport(counts, sorted);
  }

  /** The commits that head and refs name; those that name none are findings. */
  private List<Hash> starts() {
    List<Hash> starts = new ArrayList<>();
    store.forEachPointer(
        (name, read) -> {
          try {
            read.get().ifPresent(starts::add);
          } catch (GitBlobsException e) {
            find(StoreReport.Kind.DAMAGED, name, String.valueOf(e.getMessage()));
          }
        });
    return starts;
  }

  /** Everything that these commits and their ancestors refer to, there or not. */
  private Set<ObjectId> reachable(List<Hash> starts) {
    Set<ObjectId> reached = new HashSet<>();
    Deque<Hash> waiting = new ArrayDeque<>(starts);
    while (!waiting.isEmpty()) {
      ObjectId id = new ObjectId(ObjectType.COMMIT, waiting.pop());
      if (reached.add(id) && sound.hasSeen(id)) {
        Commit commit = store.commit(id.hash());
        waiting.addAll(commit.parents());
        ObjectId tree = new ObjectId(ObjectType.TREE, commit.tree());
        if (reached.add(tree) && sound.hasSeen(tree)) {
          for (TreeEntry entry : store.tree(commit.tree()).entries().values()) {
            reached.add(new ObjectId(ObjectType.BLOB, entry.blob()));
            if (entry.metadata() != null) {
              reached.add(new ObjectId(ObjectType.METADATA, entry.metadata()));
            }
          }
        }
      }
    }
    return reached;
  }

  private void readAll() {
    int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    Semaphore waiting = new Semaphore(MAX_WAITING);
    try {
      store.forEachFile(
          file -> {
            waiting.acquireUninterruptibly();
            pool.execute(
                () -> {
                  try {
                    check(file);
                  } finally {
                    waiting.release();
                  }
                });
          });
    } finally {
      pool.shutdown();
    }
    try {
      if (!pool.awaitTermination(1, TimeUnit.DAYS)) {
        throw new GitBlobsException("Checking " + store.base() + " did not end within a day.");
      }
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
      throw new GitBlobsException("Interrupted while checking " + store.base(), e);
    }
  }

  private void check(Path file) {
    try {
      ObjectListing.Item item = ObjectListing.read(file);
      if (item instanceof ObjectListing.Found found) {
        check(found.object());
      } else if (item instanceof ObjectListing.Unreadable unreadable) {
        find(StoreReport.Kind.DAMAGED, name(file), unreadable.reason());
      } else {
        find(StoreReport.Kind.STRAY_FILE, name(file), "not an object; left alone");
      }
    } catch (RuntimeException e) {
      find(StoreReport.Kind.DAMAGED, name(file), String.valueOf(e));
    }
    progress.accept(done.incrementAndGet());
  }

  private void check(StoredObject object) {
    String id = object.id().toString();
    if (object.isProven()) {
      if (object instanceof Tree tree && !tree.isInRootOrder()) {
        find(StoreReport.Kind.FOREIGN_ORDER, id, "hashed under another locale's key order");
      }
    } else if (store.isSound(object)) {
      find(StoreReport.Kind.SHALLOW_ROOT, id, "its parents were left out by a compact backup");
    } else {
      find(StoreReport.Kind.DAMAGED, id, "its content does not have its hash");
      return; // a changed first commit too: only recorded roots may lack their hash
    }
    sound.add(object);
  }

  private void find(StoreReport.Kind kind, String subject, String detail) {
    findings.add(new StoreReport.Finding(kind, subject, detail));
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
