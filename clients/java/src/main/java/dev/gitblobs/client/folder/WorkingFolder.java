package dev.gitblobs.client.folder;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.client.store.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A folder of files that belongs to a store: people edit the files, commits record what changed,
 * and what others changed comes back into the files.
 *
 * <pre>{@code
 * WorkingFolder folder = WorkingFolder.attach(notes, Path.of("my-notes"));
 * folder.bring();
 * FolderCommit done = folder.commit(null, path -> true, ConflictResolver.NONE);
 * }</pre>
 *
 * Nothing that is not in the store is ever overwritten, and nothing outside the folder is written.
 * Safe for use by several threads and processes; those that change something take turns.
 */
public final class WorkingFolder {
  /** How long one waits for another process that is at work in the folder. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Repository repository;
  private final FileStore store;
  private final Attachment attachment;
  private final WriteSteps steps;
  private final LongConsumer progress;

  WorkingFolder(Repository repository, Attachment attachment, WriteSteps steps) {
    this(repository, attachment, steps, count -> {});
  }

  private WorkingFolder(
      Repository repository, Attachment attachment, WriteSteps steps, LongConsumer progress) {
    this.repository = repository;
    this.store = repository.store();
    this.attachment = attachment;
    this.steps = steps;
    this.progress = progress;
  }

  /** Whether a folder belongs to the store. */
  public static boolean isAttached(FileStore store) {
    return Attachment.isThere(store.ownFolder());
  }

  /** The same folder, which tells how many files it has read or written in a step so far. */
  public WorkingFolder reporting(LongConsumer files) {
    return new WorkingFolder(repository, attachment, steps, files);
  }

  /** The folder that belongs to the store; empty where none does. */
  public static Optional<WorkingFolder> of(Repository repository) {
    return Attachment.load(repository.store().ownFolder())
        .map(attachment -> new WorkingFolder(repository, attachment, WriteSteps.FREE));
  }

  /**
   * Ties a folder, which is made where there is none, to a store. No file changes; {@link #bring}
   * and {@link #commit} are next. Throws where another folder is tied to it.
   */
  public static WorkingFolder attach(Repository repository, Path folder) {
    Path own = repository.store().ownFolder();
    try {
      Files.createDirectories(folder);
      Attachment attachment = Attachment.of(folder);
      Optional<Attachment> known = Attachment.load(own);
      if (known.isPresent() && !attachment.isSameAs(known.get())) {
        throw new GitBlobsException(
            "The folder "
                + known.get().folder()
                + " belongs to this store. `gitblobs folder --detach` first.");
      }
      Path store = repository.store().base().toRealPath();
      for (String name : FileStore.ownNames()) {
        if (attachment.folder().startsWith(store.resolve(name))) {
          throw new GitBlobsException(folder + " is a part of the store itself.");
        }
      }
      if (known.isEmpty()) {
        FolderIndex.remove(own);
      }
      attachment.save(own);
      return new WorkingFolder(repository, attachment, WriteSteps.FREE);
    } catch (IOException e) {
      throw new GitBlobsException("Tried to attach the folder " + folder + " but failed: " + e, e);
    }
  }

  /** Ends what {@link #attach} began; no file changes. Does nothing where no folder is tied. */
  public static void detach(Repository repository) {
    Path own = repository.store().ownFolder();
    try {
      Attachment.remove(own);
      FolderIndex.remove(own);
    } catch (IOException e) {
      throw new GitBlobsException("Tried to detach the folder of " + own + " but failed: " + e, e);
    }
  }

  /** Where it is. */
  public Path path() {
    return attachment.folder();
  }

  /** How it stands beside the store. Changes nothing but what is remembered of unchanged files. */
  public FolderStatus status() {
    try {
      Look look = look();
      remember(look);
      return new FolderStatus(
          look.head().entries().size(),
          Renames.in(look.view().changes()),
          look.toCome(),
          look.view().skipped());
    } catch (IOException e) {
      throw failed("look through", e);
    }
  }

  /** What a file of it holds; empty where there is none. */
  public Optional<byte[]> read(String name) {
    Optional<Path> place = FolderPlace.of(path(), name);
    try {
      return place.isPresent() && Standing.at(place.get()).isFile()
          ? Optional.of(Files.readAllBytes(place.get()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read " + name + " in", e);
    }
  }

  /** The directories to watch for changes. */
  public Collection<Path> directories() {
    try {
      Set<String> tracked = FolderIndex.load(store.ownFolder()).entries().keySet();
      return new FolderScan(path(), reserved(), tracked).directories();
    } catch (IOException e) {
      throw failed("look through", e);
    }
  }

  /**
   * Records what changed, deletions too, in one commit on the head; then brings what the head has
   * got meanwhile. Texts that both changed are merged by lines.
   *
   * @param message null for a usual one
   * @param isNamed which changes to record
   * @param resolver decides what lines do not
   */
  public FolderCommit commit(
      @Nullable String message, Predicate<String> isNamed, ConflictResolver resolver) {
    return inTurn(
        () -> {
          Look look = look();
          List<FolderChange> named =
              look.view().changes().stream().filter(c -> isNamed.test(c.path())).toList();
          Recording recording = new Recording(repository, path(), look.view());
          recording.run(
              message,
              named,
              resolver,
              (commit, pending) ->
                  save(new FolderIndex(look.view().entries(), pending, commit, null)));
          Brought brought = bring(look, recording.entries());
          List<Skipped> skipped = new ArrayList<>(look.view().skipped());
          skipped.addAll(recording.skipped());
          return new FolderCommit(
              recording.outcome(), Renames.in(named), recording.conflicts(), brought, skipped);
        });
  }

  /** Writes what the head has and the folder has not; local changes stay as they are. */
  public Brought bring() {
    return inTurn(
        () -> {
          Look look = look();
          return bring(look, look.view().entries());
        });
  }

  private Brought bring(Look look, Map<String, FolderIndex.Entry> entries) throws IOException {
    Look.Head head = Look.Head.of(store, FolderIndex.EMPTY);
    clear(look.scan().drafts());
    FolderIndex before = head.index(entries);
    if (before.at() != null) {
      if (!before.equals(look.index())) {
        save(before);
      }
      return new Brought(head.commit(), List.of(), List.of(), List.of());
    }
    Bringing bringing =
        new Bringing(path(), store, reserved(), look.view(), entries, look.now(), steps, progress);
    if (head.commit() != null) {
      save(new FolderIndex(entries, Map.of(), head.commit(), null));
    }
    Brought brought = bringing.run(head.commit(), head.entries());
    save(head.index(bringing.entries()));
    return brought;
  }

  private void clear(List<String> drafts) throws IOException {
    FolderWriter writer = new FolderWriter(path(), steps);
    for (String draft : drafts) {
      writer.deleteDraft(path().resolve(draft));
    }
  }

  /** Keeps which files need not be read again; a store that cannot be written to goes without. */
  private void remember(Look look) throws IOException {
    FolderIndex known = look.index();
    if (known.heading() != null
        || known.entries().equals(look.view().entries())
        || !Files.isWritable(store.ownFolder())) {
      return;
    }
    try (ProcessLock lock = ProcessLock.attempt(lockFile()).orElse(null)) {
      if (lock != null && FolderIndex.load(store.ownFolder()).equals(known)) {
        save(look.head().index(look.view().entries()));
      }
    }
  }

  private void save(FolderIndex index) {
    try {
      steps.before();
      index.save(store.ownFolder());
    } catch (IOException e) {
      throw failed("keep the state of", e);
    }
  }

  private Look look() throws IOException {
    String hint = " Is a disk missing? Where it was moved or replaced, say `gitblobs folder DIR`.";
    Attachment now;
    try {
      now = Attachment.of(path());
    } catch (NoSuchFileException e) {
      throw new GitBlobsException(
          "The folder " + path() + ", which belongs to the store, is not there." + hint, e);
    }
    if (!now.equals(attachment)) {
      throw new GitBlobsException(
          "The folder " + path() + " is another one than belongs to the store." + hint);
    }
    return Look.at(path(), store, reserved(), repository.author().clock().instant(), progress);
  }

  private Reserved reserved() {
    try {
      return Reserved.of(path(), store.base());
    } catch (IOException e) {
      throw failed("find the store in", e);
    }
  }

  private Path lockFile() {
    return store.ownFolder().resolve("folder.lock");
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> T inTurn(Work<T> work) {
    try (ProcessLock lock = ProcessLock.take(lockFile(), PATIENCE).orElse(null)) {
      if (lock == null) {
        throw new GitBlobsException(
            "Another process is at work in the folder " + path() + ". Try again when it is done.");
      }
      return work.run();
    } catch (IOException e) {
      throw failed("work in", e);
    }
  }

  private GitBlobsException failed(String what, IOException cause) {
    return new GitBlobsException(
        "Tried to " + what + " the folder " + path() + " but failed: " + cause, cause);
  }
}
