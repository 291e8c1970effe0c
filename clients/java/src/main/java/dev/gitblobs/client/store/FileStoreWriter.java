package dev.gitblobs.client.store;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The writer's turn over a folder. Files are written in {@code staging/}, synced, and renamed into
 * place; the head is renamed last. What a crash leaves in {@code staging/} the next turn removes.
 */
final class FileStoreWriter implements StoreWriter {
  private static final String UNCHANGED = "The store is as it was.";

  /** After the first pointer was renamed; whether that reached the disk nobody knows. */
  private static final String CHANGED =
      "The store is whole, and may already be changed; see `gitblobs status`.";

  private static final Pattern REF_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private final FileStore store;
  private final StoreLayout layout;
  private final ShallowRoots roots;
  private final Disk disk;
  private final ProcessLock lock;

  /** Staged file to the id of the object in it. */
  private final Map<Path, ObjectId> staged = new LinkedHashMap<>();

  private final Set<ObjectId> stagedIds = new LinkedHashSet<>();

  /** Commits staged to replace a shallow root. */
  private final Map<ObjectId, Commit> completing = new HashMap<>();

  /** Staged commits that came without their parents. */
  private final List<Commit> shallow = new ArrayList<>();

  private final Map<String, Hash> newRefs = new TreeMap<>();
  private @Nullable Hash newHead;
  private String step = "";

  private FileStoreWriter(
      FileStore store, StoreLayout layout, ShallowRoots roots, Disk disk, ProcessLock lock) {
    this.store = store;
    this.layout = layout;
    this.roots = roots;
    this.disk = disk;
    this.lock = lock;
  }

  static FileStoreWriter open(
      FileStore store, StoreLayout layout, ShallowRoots roots, Disk disk, Duration patience) {
    try {
      disk.createDirectories(layout.objects());
      disk.createDirectories(layout.staging());
      FileStoreWriter writer =
          new FileStoreWriter(store, layout, roots, disk, lock(layout, patience));
      try {
        writer.clearStaging();
        return writer;
      } catch (IOException e) {
        writer.lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw failed(layout.base(), UNCHANGED, e);
    }
  }

  private static ProcessLock lock(StoreLayout layout, Duration patience) throws IOException {
    return ProcessLock.take(layout.lock(), patience)
        .orElseThrow(() -> new StoreLockedException(layout.base(), patience));
  }

  @Override
  public void put(StoredObject object) {
    ObjectId id = object.id();
    if (stagedIds.contains(id) || isThere(object)) {
      return;
    }
    Path file = layout.staging().resolve(id.type().wireName() + "-" + id.hash().hex());
    try {
      disk.write(file, out -> ObjectFile.write(object, out));
    } catch (IOException e) {
      throw failed(file, UNCHANGED, e);
    }
    staged.put(file, id);
    stagedIds.add(id);
    if (object instanceof Commit commit && !commit.isProven()) {
      shallow.add(commit);
    }
  }

  /**
   * Whether the store has it, sound: a damaged file gives way to what arrives. So does a shallow
   * root to the whole commit, if in the end the commit's parents are there too.
   */
  private boolean isThere(StoredObject object) {
    Optional<StoredObject> found = findSound(object.id());
    if (found.isEmpty()) {
      return false;
    }
    if (object instanceof Commit commit && object.isProven() && !found.get().isProven()) {
      completing.put(object.id(), commit);
      return false;
    }
    return true;
  }

  private Optional<StoredObject> findSound(ObjectId id) {
    try {
      return store.contains(id) ? store.find(id) : Optional.empty();
    } catch (CorruptObjectException e) {
      return Optional.empty();
    }
  }

  /** Whether all that a completed shallow root would refer to is there or about to be. */
  private boolean isPublished(ObjectId id) {
    Commit whole = completing.get(id);
    return whole == null
        || whole.parents().stream()
            .map(parent -> new ObjectId(ObjectType.COMMIT, parent))
            .allMatch(parent -> stagedIds.contains(parent) || store.contains(parent));
  }

  @Override
  public void setHead(Hash commit, String what) {
    newHead = commit;
    step = what;
  }

  @Override
  public void setRef(String name, Hash commit) {
    if (!REF_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("Not a ref name: letters, digits and ._- only");
    }
    newRefs.put(name, commit);
  }

  @Override
  public void commit() {
    String state = UNCHANGED;
    try {
      Syncing.syncAll(disk, staged.keySet());
      roots.record(disk, shallow);
      publish();
      for (Map.Entry<String, Hash> ref : newRefs.entrySet()) {
        disk.createDirectories(layout.refs());
        state = CHANGED;
        replace(layout.refs().resolve(ref.getKey()), refText(ref.getKey(), ref.getValue()));
      }
      newRefs.clear();
      if (newHead != null) {
        store.headLog().append(disk, new HeadStep(headNow(), newHead, step));
        state = CHANGED;
        replace(layout.head(), headText(newHead));
        newHead = null;
      }
    } catch (IOException e) {
      throw failed(layout.base(), state, e);
    }
  }

  /** Null where there is none, or a damaged one that gives way. */
  private @Nullable Hash headNow() {
    try {
      return store.head().orElse(null);
    } catch (GitBlobsException e) {
      return null;
    }
  }

  private void publish() throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    List<Map.Entry<Path, ObjectId>> files = new ArrayList<>(staged.entrySet());
    // What refers comes after what it refers to, so that a crash leaves as little loose as can be.
    files.sort(Comparator.comparing(file -> file.getValue().type()));
    for (Map.Entry<Path, ObjectId> file : files) {
      if (!isPublished(file.getValue())) {
        disk.delete(file.getKey());
        continue;
      }
      Path target = place(file.getValue());
      if (target.startsWith(layout.twins())) {
        disk.createDirectories(layout.twins());
      }
      disk.move(file.getKey(), target);
      folders.add(folderOf(target));
    }
    for (Path folder : folders) {
      disk.sync(folder);
    }
    staged.clear();
    stagedIds.clear();
    completing.clear();
    shallow.clear();
  }

  /** Its place in {@code objects/}, unless an object of another type has that. */
  private Path place(ObjectId id) {
    Path place = layout.object(id.hash());
    boolean taken =
        Files.exists(place)
            && ObjectListing.read(place) instanceof ObjectListing.Found found
            && found.object().type() != id.type();
    return taken ? layout.twin(id) : place;
  }

  private void replace(Path target, Json content) throws IOException {
    byte[] bytes = content.toText().getBytes(StandardCharsets.UTF_8);
    Path file = layout.staging().resolve("pointer");
    disk.write(file, out -> out.write(bytes));
    disk.sync(file);
    disk.move(file, target);
    disk.sync(folderOf(target));
  }

  private static Path folderOf(Path file) {
    Path folder = file.getParent();
    return folder == null ? file : folder;
  }

  private static Json headText(Hash commit) {
    return Json.object("type", Json.of("commit"), "value", Json.of(commit.hex()));
  }

  private static Json refText(String name, Hash commit) {
    return Json.object("name", Json.of(name), "commit_hash", Json.of(commit.hex()));
  }

  private void clearStaging() throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(layout.staging())) {
      for (Path file : leftovers) {
        disk.delete(file);
      }
    }
  }

  @Override
  public void close() {
    try (lock) {
      if (!staged.isEmpty()) {
        clearStaging();
      }
    } catch (IOException e) {
      throw failed(layout.staging(), CHANGED, e);
    }
  }

  private static GitBlobsException failed(Path path, String state, IOException cause) {
    return new GitBlobsException(
        "Tried to write to " + path + " but failed: " + cause + ". " + state, cause);
  }
}
