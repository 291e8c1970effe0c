package dev.gitblobs.client.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Signature;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCheckTest {
  private static final Signature ADA = new Signature("Ada", "", "2024-01-01T00:00:00.000Z");

  private final Path folder;
  private final FileStore store;

  StoreCheckTest(@TempDir Path folder) {
    this.folder = folder;
    this.store = FileStore.create(folder);
  }

  @BeforeEach
  void commit() {
    try (StoreWriter writer = store.writer()) {
      Commit commit = Commit.of(Tree.EMPTY.hash(), List.of(), ADA, ADA, "first");
      writer.put(Tree.EMPTY);
      writer.put(commit);
      writer.setHead(commit.hash());
      writer.setRef("main", commit.hash());
      writer.commit();
    }
  }

  private List<String> findings() {
    return StoreCheck.run(store, count -> {}).findings().stream()
        .map(finding -> finding.kind() + " " + finding.subject())
        .toList();
  }

  @Test
  void reportsADamagedHead() throws IOException {
    Files.writeString(folder.resolve("HEAD"), "{");
    assertThat(findings()).containsExactly("DAMAGED HEAD");
  }

  @Test
  void reportsARefThatNamesNoCommit() throws IOException {
    Files.writeString(folder.resolve("refs/main"), "{\"name\":\"main\"}");
    assertThat(findings()).containsExactly("DAMAGED refs/main");
  }

  @Test
  void reportsAHeadWhoseCommitIsMissing() throws IOException {
    Hash head = store.head().orElseThrow();
    Files.delete(folder.resolve("objects").resolve(head.hex()));
    assertThat(findings()).containsExactly("MISSING commit " + head);
  }

  @Test
  void tellsATreeThatWasHashedInAnotherLocalesOrder() {
    Blob blob = Blob.of(new byte[] {1});
    TreeEntry file = TreeEntry.of(blob.hash());
    String json = file.toJson().toText();
    String danish = "{\"z\":" + json + ",\"aa\":" + json + "}";
    Tree tree =
        new Tree(Hash.of(danish.getBytes(StandardCharsets.UTF_8)), Map.of("aa", file, "z", file));
    try (StoreWriter writer = store.writer()) {
      writer.put(blob);
      writer.put(tree);
      writer.commit();
    }
    assertThat(findings()).containsExactly("FOREIGN_ORDER tree " + tree.hash());
  }

  @Test
  void leavesFoldersAmongRefsAndObjectsAlone() throws IOException {
    Files.createDirectories(folder.resolve("refs/heads"));
    Files.createDirectories(folder.resolve("objects/pack"));
    assertThat(findings()).containsExactly("STRAY_FILE pack");
    assertThat(store.refs()).containsOnlyKeys("main");
  }

  @Test
  void goesOnAfterAFolderInAnObjectsPlace() throws IOException {
    String name = "0".repeat(64);
    Files.createDirectories(folder.resolve("objects").resolve(name));
    assertThat(findings()).containsExactly("DAMAGED " + name);
  }
}
