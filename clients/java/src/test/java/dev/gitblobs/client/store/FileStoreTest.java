package dev.gitblobs.client.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.Signature;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {
  private static final Signature ADA =
      new Signature("Ada", "ada@example.org", "2024-01-01T00:00:00.000Z");

  private final Path folder;
  private final FileStore store;

  FileStoreTest(@TempDir Path folder) {
    this.folder = folder;
    this.store = FileStore.create(folder);
  }

  private void put(StoredObject... objects) {
    try (StoreWriter writer = store.writer()) {
      List.of(objects).forEach(writer::put);
      writer.commit();
    }
  }

  private static Blob blob(String text) {
    return Blob.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void showsNothingBeforeItIsCommitted() {
    Blob blob = blob("draft");
    try (StoreWriter writer = store.writer()) {
      writer.put(blob);
      assertThat(store.contains(blob.id())).isFalse();
    }
    assertThat(store.contains(blob.id())).isFalse();
  }

  @Test
  void keepsAnEmptyTreeAndABlobOfTheSameHash() {
    Blob braces = blob("{}");
    assertThat(braces.hash()).isEqualTo(Tree.EMPTY.hash());
    put(braces);
    put(Tree.EMPTY);
    assertThat(store.find(braces.id())).contains(braces);
    assertThat(store.find(Tree.EMPTY.id())).contains(Tree.EMPTY);
    List<StoredObject> all = new ArrayList<>();
    store.forEach(all::add);
    assertThat(all).containsExactlyInAnyOrder(braces, Tree.EMPTY);
  }

  @Test
  void findsDamageWhenItReads() throws IOException {
    Blob blob = blob("precious");
    put(blob);
    Path file = folder.resolve("objects").resolve(blob.hash().hex());
    Files.writeString(file, Files.readString(file).replace("[112,", "[113,"));
    assertThatThrownBy(() -> store.find(blob.id()))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("does not have its hash");
  }

  @Test
  void replacesAFileThatAnInterruptedWriterLeftEmpty() throws IOException {
    Blob blob = blob("again");
    Files.createFile(folder.resolve("objects").resolve(blob.hash().hex()));
    assertThat(store.contains(blob.id())).isFalse();
    put(blob);
    assertThat(store.find(blob.id())).contains(blob);
  }

  @Test
  void replacesADamagedFileWhenTheObjectArrivesAgain() throws IOException {
    Blob blob = blob("precious");
    put(blob);
    Path file = folder.resolve("objects").resolve(blob.hash().hex());
    Files.writeString(file, Files.readString(file).replace("[112,", "[113,"));
    put(blob);
    assertThat(store.find(blob.id())).contains(blob);
  }

  @Test
  void freesTheLockWhenTheTurnCannotBegin() throws IOException {
    put(blob("makes the folders"));
    Path leftover = folder.resolve("gitblobs/staging/leftover");
    Files.createFile(leftover);
    FileStore broken = new FileStore(folder, new FaultyDisk(2));
    assertThatThrownBy(broken::writer).hasMessageContaining("No space left");
    put(blob("another's turn"));
    assertThat(leftover).doesNotExist();
  }

  @Test
  void doesNotCallTheStoreUnchangedOnceTheHeadWasRenamed() {
    addFile("first");
    List<String> messages = new ArrayList<>();
    for (int step = 0; ; step++) {
      FaultyDisk disk = new FaultyDisk(step);
      Hash before = store.head().orElseThrow();
      try (StoreWriter writer = new FileStore(folder, disk).writer()) {
        Commit commit = Commit.of(Tree.EMPTY.hash(), List.of(before), ADA, ADA, "step " + step);
        List.of(Tree.EMPTY, commit).forEach(writer::put);
        writer.setHead(commit.hash());
        writer.commit();
        break;
      } catch (GitBlobsException e) {
        boolean isMoved = !store.head().orElseThrow().equals(before);
        messages.add(isMoved + " " + e.getMessage());
      }
    }
    assertThat(messages).anyMatch(message -> message.startsWith("true"));
    assertThat(messages)
        .noneMatch(message -> message.startsWith("true") && message.contains("as it was"));
  }

  @Test
  void refusesAnObjectThatLiesUnderAnothersName() throws IOException {
    Blob honest = blob("honest");
    put(honest);
    Hash other = blob("other").hash();
    Files.copy(
        folder.resolve("objects").resolve(honest.hash().hex()),
        folder.resolve("objects").resolve(other.hex()));
    assertThatThrownBy(() -> store.find(new ObjectId(ObjectType.BLOB, other)))
        .isInstanceOf(CorruptObjectException.class);
  }

  @Test
  void saysWhatIsWrongWithAHeadThatIsARef() throws IOException {
    Files.writeString(folder.resolve("HEAD"), "{\"type\":\"ref\",\"value\":\"refs/heads/main\"}");
    assertThatThrownBy(store::head)
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("does not name a commit");
  }

  @Test
  void takesAsManyStepsToAddToALargeStoreAsToASmallOne() {
    int small = stepsToAdd(blob("to few"));
    StoredObject[] many = new StoredObject[2_000];
    java.util.Arrays.setAll(many, i -> blob("filler " + i));
    put(many);
    assertThat(stepsToAdd(blob("to many"))).isEqualTo(small);
  }

  private int stepsToAdd(Blob blob) {
    FaultyDisk disk = new FaultyDisk(Integer.MAX_VALUE);
    try (StoreWriter writer = new FileStore(folder, disk).writer()) {
      writer.put(blob);
      writer.commit();
    }
    return disk.steps();
  }

  @Test
  void letsManyThreadsWriteInTurn() throws Exception {
    int writers = 8;
    ExecutorService pool = Executors.newFixedThreadPool(writers);
    try {
      List<Callable<Hash>> jobs = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String name = "file-" + i;
        jobs.add(() -> addFile(name));
      }
      for (Future<Hash> job : pool.invokeAll(jobs)) {
        assertThat(job.get()).isNotNull();
      }
    } finally {
      pool.shutdown();
    }
    assertThat(store.tree(store.commit(store.head().orElseThrow()).tree()).entries()).hasSize(40);
  }

  private Hash addFile(String name) {
    try (StoreWriter writer = store.writer()) {
      Blob blob = blob(name);
      Map<String, TreeEntry> entries =
          store
              .head()
              .map(head -> store.tree(store.commit(head).tree()).toMap())
              .orElseGet(java.util.LinkedHashMap::new);
      entries.put(name, TreeEntry.of(blob.hash()));
      Tree tree = Tree.of(entries);
      Commit commit =
          Commit.of(tree.hash(), store.head().map(List::of).orElse(List.of()), ADA, ADA, name);
      List.of(blob, tree, commit).forEach(writer::put);
      writer.setHead(commit.hash());
      writer.commit();
      return commit.hash();
    }
  }

  @Test
  void refusesRefNamesThatLeaveTheFolder() {
    try (StoreWriter writer = store.writer()) {
      Hash hash = Tree.EMPTY.hash();
      for (String name : List.of("../x", "a/b", "", ".hidden", "a\0")) {
        assertThatThrownBy(() -> writer.setRef(name, hash))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void staysWholeWhenTheDiskDiesAtAnyStep() throws IOException {
    addFile("first");
    Hash before = store.head().orElseThrow();
    int step = 0;
    boolean died;
    do {
      FaultyDisk disk = new FaultyDisk(step++);
      FileStore faulty = new FileStore(folder, disk);
      Blob blob = blob("second " + step);
      Tree tree = Tree.of(Map.of("second", TreeEntry.of(blob.hash())));
      Commit commit = Commit.of(tree.hash(), List.of(before), ADA, ADA, "second");
      try (StoreWriter writer = faulty.writer()) {
        List.of(blob, tree, commit).forEach(writer::put);
        writer.setHead(commit.hash());
        writer.commit();
      } catch (GitBlobsException expected) {
        assertThat(expected).hasMessageContaining("No space left");
      }
      died = disk.isDead();
      Hash head = store.head().orElseThrow();
      assertThat(head).isIn(before, commit.hash());
      assertThat(StoreCheck.run(store, progress -> {}).isWhole()).isTrue();
      assertThat(store.tree(store.commit(head).tree()).entries()).isNotEmpty();
      before = head;
    } while (died);
    assertThat(step).isGreaterThan(10);
    addFile("after all");
    try (var leftovers = Files.list(folder.resolve("gitblobs/staging"))) {
      assertThat(leftovers).isEmpty();
    }
  }
}
