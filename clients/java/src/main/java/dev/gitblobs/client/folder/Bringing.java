package dev.gitblobs.client.folder;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.ObjectStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a folder equal to the files of a commit. A file is written or deleted only where the folder
 * has just what the store knows it to have; a local change stays, for the next commit to merge.
 */
final class Bringing {
  /** A file system's journal serves those that wait together (docs/decisions/0015). */
  private static final int THREADS = 16;

  private final Path root;
  private final ObjectStore store;
  private final Reserved reserved;
  private final FolderView view;
  private final Instant now;
  private final LongConsumer progress;
  private final AtomicLong done = new AtomicLong();
  private final FolderWriter writer;
  private final Map<String, FolderIndex.Entry> entries;
  private final List<String> written = new ArrayList<>();
  private final List<String> deleted = new ArrayList<>();
  private final List<Skipped> skipped = new ArrayList<>();

  /**
   * Prepares it.
   *
   * @param entries what folder and store have in common
   */
  Bringing(
      Path root,
      ObjectStore store,
      Reserved reserved,
      FolderView view,
      Map<String, FolderIndex.Entry> entries,
      Instant now,
      WriteSteps steps,
      LongConsumer progress) {
    this.root = root;
    this.store = store;
    this.reserved = reserved;
    this.view = view;
    this.now = now;
    this.progress = progress;
    this.writer = new FolderWriter(root, steps);
    this.entries = new LinkedHashMap<>(entries);
  }

  /** What folder and store have in common after it. */
  Map<String, FolderIndex.Entry> entries() {
    return entries;
  }

  Brought run(@Nullable Hash commit, Map<String, TreeEntry> head) throws IOException {
    for (String path : List.copyOf(entries.keySet())) {
      if (!head.containsKey(path)) {
        delete(path, entries.get(path));
      }
    }
    List<Callable<Optional<Skipped>>> jobs = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, TreeEntry> file : head.entrySet()) {
      if (isToWrite(file.getKey(), file.getValue())) {
        paths.add(file.getKey());
        jobs.add(() -> write(file.getKey(), file.getValue()));
      }
    }
    List<Optional<Skipped>> outcomes = all(jobs);
    for (int i = 0; i < outcomes.size(); i++) {
      String path = paths.get(i);
      TreeEntry entry = head.get(path);
      outcomes.get(i).ifPresent(skipped::add);
      if (outcomes.get(i).isEmpty() && entry != null) {
        entries.put(path, new FolderIndex.Entry(entry, null));
        written.add(path);
      }
    }
    writer.sync();
    return new Brought(commit, written, deleted, skipped);
  }

  private void delete(String path, FolderIndex.@Nullable Entry entry) {
    FolderView.Found found = view.found().get(path);
    Path place = FolderPlace.of(root, path).orElse(null);
    boolean isClean = entry != null && found != null && found.blob().equals(entry.base().blob());
    if (!isClean || place == null) {
      return;
    }
    try {
      if (writer.delete(place, at -> isStill(at, found))) {
        entries.remove(path);
        deleted.add(path);
      }
    } catch (IOException e) {
      skipped.add(new Skipped(path, "it cannot be deleted here: " + FolderWriter.reason(e)));
    }
  }

  /** Notes what need not be written; what may not be is told. */
  private boolean isToWrite(String path, TreeEntry target) {
    FolderIndex.Entry entry = entries.get(path);
    FolderView.Found found = view.found().get(path);
    if (entry != null && entry.base().blob().equals(target.blob())) {
      entries.put(path, new FolderIndex.Entry(target, entry.stamp()));
      return false;
    }
    Optional<String> refusal =
        reserved
            .reason(path)
            .or(
                () ->
                    FolderPlace.of(root, path).isEmpty()
                        ? Optional.of("no file in a folder of this system can have this name")
                        : Optional.empty())
            .or(
                () ->
                    view.isUnknown(path)
                        ? Optional.of("something that is no file is in its place")
                        : Optional.empty());
    if (refusal.isPresent()) {
      skipped.add(new Skipped(path, refusal.get()));
      return false;
    }
    boolean isClean =
        entry == null ? found == null : found != null && found.blob().equals(entry.base().blob());
    return isClean;
  }

  /** Empty when the file is written, or was changed just now: the next look finds that. */
  private Optional<Skipped> write(String path, TreeEntry target) {
    FolderView.Found found = view.found().get(path);
    progress.accept(done.incrementAndGet());
    try {
      Path place = FolderPlace.of(root, path).orElseThrow();
      byte[] content = store.blob(target.blob()).toBytes();
      return writer.put(place, content, at -> isStill(at, found))
          ? Optional.empty()
          : Optional.of(new Skipped(path, "something else is there since just now"));
    } catch (IOException e) {
      return Optional.of(new Skipped(path, "it cannot be written here: " + FolderWriter.reason(e)));
    } catch (GitBlobsException e) {
      return Optional.of(new Skipped(path, String.valueOf(e.getMessage())));
    }
  }

  /** Whether the place has what the look found there; read again where its times cannot tell. */
  private boolean isStill(Path place, FolderView.@Nullable Found found) throws IOException {
    try {
      Standing standing = Standing.at(place);
      return found != null
          && standing.isFile()
          && standing.stamp().equals(found.stamp())
          && (found.stamp().isSettled(now) || FileDigest.of(place).equals(found.blob()));
    } catch (NoSuchFileException e) {
      return found == null;
    }
  }

  private static <T> List<T> all(List<Callable<T>> jobs) throws IOException {
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.max(1, Math.min(THREADS, jobs.size())));
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : pool.invokeAll(jobs)) {
        results.add(result.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      pool.shutdownNow();
    }
  }
}
