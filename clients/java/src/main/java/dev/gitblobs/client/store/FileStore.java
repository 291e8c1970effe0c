package dev.gitblobs.client.store;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.MalformedObjectException;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A store in a folder, in the layout of the original clients, which can go on using it. No
 * operation but {@link #forEach} lists the objects, so cost grows with the change and not with the
 * store.
 */
public final class FileStore implements ObjectStore {
  /** How long one waits for another process that writes. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final StoreLayout layout;
  private final Disk disk;
  private final ShallowRoots roots;
  private final HeadLog headLog;

  /** How long a writer waits for its turn. */
  private final Duration patience;

  FileStore(Path base, Disk disk) {
    this(base, disk, PATIENCE);
  }

  FileStore(Path base, Disk disk, Duration patience) {
    this.layout = new StoreLayout(base);
    this.roots = new ShallowRoots(layout);
    this.headLog = new HeadLog(layout);
    this.disk = disk;
    this.patience = patience;
  }

  /** Opens the store in this folder. Throws when there is none. */
  public static FileStore open(Path base) {
    FileStore store = new FileStore(base, Disk.REAL);
    if (!isStore(base)) {
      throw new GitBlobsException(
          "There is no store in " + base + ". Make one with `gitblobs --store DIR init`.");
    }
    return store;
  }

  /** Whether the folder holds a store, perhaps one without a commit. */
  public static boolean isStore(Path base) {
    StoreLayout layout = new StoreLayout(base);
    return Files.isDirectory(layout.objects()) || Files.isRegularFile(layout.head());
  }

  /** Makes a store without commits in this folder, or opens the one that is there. */
  public static FileStore create(Path base) {
    FileStore store = new FileStore(base, Disk.REAL);
    try {
      if (!isStore(base)) {
        store.roots.begin();
      }
      Files.createDirectories(store.layout.objects());
      return store;
    } catch (IOException e) {
      throw new GitBlobsException("Tried to make a store in " + base + " but failed: " + e, e);
    }
  }

  /** The folder it is in. */
  public Path base() {
    return layout.base();
  }

  /** The folder of its own that original clients ignore; may not exist yet. */
  public Path ownFolder() {
    return layout.own();
  }

  /** Where the head has been. */
  public HeadLog headLog() {
    return headLog;
  }

  /** The names of the files and folders that the store is made of. */
  public static Set<String> ownNames() {
    return StoreLayout.NAMES;
  }

  /** Whether the file or folder is one of those the store is made of. */
  public boolean isOwn(Path path) {
    Path name = path.getFileName();
    Path parent = path.toAbsolutePath().getParent();
    if (name == null || parent == null || !StoreLayout.NAMES.contains(name.toString())) {
      return false;
    }
    try {
      return Files.isSameFile(parent, layout.base());
    } catch (IOException e) {
      throw new GitBlobsException("Tried to look at " + path + " but failed: " + e, e);
    }
  }

  @Override
  public Optional<StoredObject> find(ObjectId id) {
    Optional<StoredObject> object = read(id, layout.object(id.hash()));
    if (object.isEmpty() || object.get().type() != id.type()) {
      object = read(id, layout.twin(id)).filter(twin -> twin.type() == id.type());
    }
    object.ifPresent(this::verify);
    return object;
  }

  /** Whether the object has its hash, or is a shallow root as it came. */
  boolean isSound(StoredObject object) {
    return object.isProven()
        || (object instanceof Commit commit
            && commit.parents().isEmpty()
            && roots.isLegitimate(commit));
  }

  private void verify(StoredObject object) {
    if (!isSound(object)) {
      throw new CorruptObjectException(object.id(), "its content does not have its hash");
    }
  }

  private static Optional<StoredObject> read(ObjectId id, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      StoredObject object = ObjectFile.read(in);
      if (!object.hash().equals(id.hash())) {
        throw new CorruptObjectException(id, "the file holds " + object.id());
      }
      return Optional.of(object);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (MalformedObjectException | JsonReader.InvalidJsonException e) {
      throw new CorruptObjectException(id, e.getMessage() == null ? "unreadable" : e.getMessage());
    } catch (IOException e) {
      throw new GitBlobsException("Tried to read " + file + " but failed: " + e, e);
    }
  }

  @Override
  public boolean contains(ObjectId id) {
    return startsAs(id, layout.object(id.hash())) || startsAs(id, layout.twin(id));
  }

  /**
   * Whether the file begins as that object's file does: tells the type without reading it whole.
   */
  private static boolean startsAs(ObjectId id, Path file) {
    byte[] start = ObjectFile.start(id);
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(start.length), start);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new GitBlobsException("Tried to read " + file + " but failed: " + e, e);
    }
  }

  @Override
  public void forEach(Consumer<StoredObject> receiver) {
    ObjectListing.forEach(
        layout,
        file -> {
          ObjectListing.Item item = ObjectListing.read(file);
          if (item instanceof ObjectListing.Found found) {
            verify(found.object());
            receiver.accept(found.object());
          } else if (item instanceof ObjectListing.Unreadable unreadable) {
            throw new GitBlobsException("Tried to read " + file + " but " + unreadable.reason());
          }
        });
  }

  /** Passes on every file of the object folders. */
  void forEachFile(Consumer<Path> receiver) {
    ObjectListing.forEach(layout, receiver);
  }

  @Override
  public Optional<Hash> head() {
    return readPointer(layout.head(), "value");
  }

  @Override
  public Map<String, Hash> refs() {
    Map<String, Hash> refs = new TreeMap<>();
    for (Path file : refFiles()) {
      readPointer(file, "commit_hash")
          .ifPresent(hash -> refs.put(String.valueOf(file.getFileName()), hash));
    }
    return refs;
  }

  /** Folders in {@code refs/} are none of ours: no client can have made a ref in one. */
  private List<Path> refFiles() {
    if (!Files.isDirectory(layout.refs())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(layout.refs())) {
      return files.filter(file -> !Files.isDirectory(file)).sorted().toList();
    } catch (IOException e) {
      throw new GitBlobsException("Tried to list " + layout.refs() + " but failed: " + e, e);
    }
  }

  /** Passes on head and refs by name, each with how to read it, which throws when it is damaged. */
  void forEachPointer(BiConsumer<String, Supplier<Optional<Hash>>> receiver) {
    receiver.accept("HEAD", this::head);
    for (Path file : refFiles()) {
      receiver.accept("refs/" + file.getFileName(), () -> readPointer(file, "commit_hash"));
    }
  }

  private static Optional<Hash> readPointer(Path file, String field) {
    try {
      Json.Obj pointer = JsonReader.readObject(Files.readAllBytes(file));
      if (pointer.text("type").orElse("commit").equals("commit")) {
        Optional<Hash> hash = pointer.text(field).flatMap(Hash::parse);
        if (hash.isPresent()) {
          return hash;
        }
      }
      throw new GitBlobsException("Tried to read " + file + " but it does not name a commit.");
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonReader.InvalidJsonException e) {
      throw new GitBlobsException("Tried to read " + file + " but it is damaged.", e);
    } catch (IOException e) {
      throw new GitBlobsException("Tried to read " + file + " but failed: " + e, e);
    }
  }

  @Override
  public StoreWriter writer() {
    return FileStoreWriter.open(this, layout, roots, disk, patience);
  }
}
