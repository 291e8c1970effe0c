package dev.gitblobs.client.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.GoldenData;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Signature;
import dev.gitblobs.client.object.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShallowRootsTest {
  private static final Signature ADA = new Signature("Ada", "", "2024-01-01T00:00:00.000Z");

  private final Path folder;

  ShallowRootsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** A commit whose parents were left out. */
  private static Commit shallow() {
    Hash parent = Hash.of(new byte[0]);
    Commit whole = Commit.of(Tree.EMPTY.hash(), List.of(parent), ADA, ADA, "x");
    return new Commit(whole.hash(), whole.withParents(List.of()).content());
  }

  private static FileStore with(FileStore store, Commit commit) {
    try (StoreWriter writer = store.writer()) {
      writer.put(Tree.EMPTY);
      writer.put(commit);
      writer.setHead(commit.hash());
      writer.commit();
    }
    return store;
  }

  private static void change(Path base, Hash commit) throws IOException {
    Path file = base.resolve("objects").resolve(commit.hex());
    Files.writeString(file, Files.readString(file).replace("\"Ada\"", "\"Eve\""));
  }

  @Test
  void believesARootAsItCame() {
    FileStore store = with(FileStore.create(folder), shallow());
    assertThat(store.commit(shallow().hash())).isEqualTo(shallow());
    assertThat(FileStore.open(folder).commit(shallow().hash())).isEqualTo(shallow());
    assertThat(StoreCheck.run(store, count -> {}).isWhole()).isTrue();
  }

  @Test
  void doesNotBelieveARootThatWasChangedSince() throws IOException {
    FileStore store = with(FileStore.create(folder), shallow());
    change(folder, shallow().hash());
    assertThatThrownBy(() -> store.commit(shallow().hash()))
        .isInstanceOf(CorruptObjectException.class);
    assertThat(StoreCheck.run(store, count -> {}).isWhole()).isFalse();
    assertThat(with(store, shallow()).commit(shallow().hash())).isEqualTo(shallow());
  }

  @Test
  void doesNotBelieveAFirstCommitThatWasChanged() throws IOException {
    Commit first = Commit.of(Tree.EMPTY.hash(), List.of(), ADA, ADA, "first");
    FileStore store = with(FileStore.create(folder), first);
    change(folder, first.hash());
    assertThatThrownBy(() -> store.commit(first.hash())).isInstanceOf(CorruptObjectException.class);
    assertThat(StoreCheck.run(store, count -> {}).isWhole()).isFalse();
  }

  @Test
  void believesTheStoreOfAnOriginalClient() throws IOException {
    FileStore store = FileStore.open(GoldenData.store("shallow", folder));
    assertThat(StoreCheck.run(store, count -> {}).isWhole()).isTrue();
    Commit head = store.commit(store.head().orElseThrow());
    assertThat(head.isProven()).isFalse();
    with(store, shallow());
    assertThat(store.commit(head.hash())).isEqualTo(head);
  }
}
