package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Signature;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.client.store.StoreWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A history made for a test: commits by name, each a second after the one before. */
final class Graph {
  static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  final FileStore store;
  private final Map<String, Hash> commits = new HashMap<>();
  private Instant clock = START;

  Graph(Path folder) {
    this.store = FileStore.create(folder);
  }

  /** A commit whose files are the parents' first one's and one of its own. */
  Hash commit(String name, String... parents) {
    Map<String, String> files = new LinkedHashMap<>();
    if (parents.length > 0) {
      Tree tree = store.tree(store.commit(hash(parents[0])).tree());
      tree.entries().keySet().forEach(path -> files.put(path, "content of " + path));
    }
    files.put(name, "content of " + name);
    return commit(name, files, parents);
  }

  /** A commit with exactly these files. */
  Hash commit(String name, Map<String, String> files, String... parents) {
    clock = clock.plusSeconds(1);
    return commitAt(clock, name, files, parents);
  }

  Hash commitAt(Instant when, String name, Map<String, String> files, String... parents) {
    Map<String, TreeEntry> entries = new LinkedHashMap<>();
    Signature author = Signature.at("Ada", "ada@example.org", when);
    try (StoreWriter writer = store.writer()) {
      files.forEach(
          (path, text) -> {
            Blob blob = Blob.of(text.getBytes(StandardCharsets.UTF_8));
            writer.put(blob);
            entries.put(path, TreeEntry.of(blob.hash()));
          });
      Tree tree = Tree.of(entries);
      List<Hash> hashes = Arrays.stream(parents).map(this::hash).toList();
      Commit commit = Commit.of(tree.hash(), hashes, author, author, name);
      writer.put(tree);
      writer.put(commit);
      writer.setHead(commit.hash());
      writer.commit();
      commits.put(name, commit.hash());
      return commit.hash();
    }
  }

  void head(String name) {
    try (StoreWriter writer = store.writer()) {
      writer.setHead(hash(name));
      writer.commit();
    }
  }

  Hash hash(String name) {
    Hash hash = commits.get(name);
    if (hash == null) {
      throw new AssertionError("no commit " + name);
    }
    return hash;
  }

  List<Hash> hashes(String... names) {
    return Arrays.stream(names).map(this::hash).toList();
  }
}
