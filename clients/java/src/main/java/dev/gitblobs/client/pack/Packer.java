package dev.gitblobs.client.pack;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.ObjectStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Makes the three kinds of packs from a store, as the original clients do. */
public final class Packer {
  private final ObjectStore store;

  /** Packs what this store holds. */
  public Packer(ObjectStore store) {
    this.store = store;
  }

  /** A full backup: every object, in the store's order, unreachable ones too. */
  public byte[] full(Instant when) {
    Map<ObjectType, List<Hash>> ids = new EnumMap<>(ObjectType.class);
    List<Hash> shallow = new ArrayList<>();
    store.forEach(
        object -> {
          ids.computeIfAbsent(object.type(), type -> new ArrayList<>()).add(object.hash());
          if (!object.isProven()) {
            shallow.add(object.hash());
          }
        });
    Optional<Hash> head = store.head();
    PackHeader header =
        PackHeader.backup(when, head, head.map(commit -> store.commit(commit).tree()));
    return PackWriter.write(
        header.withShallowRoots(shallow),
        type ->
            ids.getOrDefault(type, List.of()).stream()
                .map(hash -> store.require(new ObjectId(type, hash))));
  }

  /**
   * A compact backup: one commit without its parents but under its old hash (FORMAT.md 4), its tree
   * and files; a file that appears twice is packed twice.
   */
  public byte[] compact(Hash commitHash, Instant when) {
    Commit commit = store.commit(commitHash);
    Tree tree = store.tree(commit.tree());
    Collection<TreeEntry> files = tree.entries().values();
    return PackWriter.write(
        PackHeader.backup(when, Optional.of(commitHash), Optional.of(tree.hash())),
        type ->
            switch (type) {
              case COMMIT -> Stream.of(withoutParents(commit));
              case TREE -> Stream.of(tree);
              case BLOB -> files.stream().map(entry -> store.blob(entry.blob()));
              case METADATA ->
                  files.stream()
                      .flatMap(entry -> Stream.ofNullable(entry.metadata()))
                      .map(store::metadata);
            });
  }

  private static Commit withoutParents(Commit commit) {
    Map<String, Json> content = new LinkedHashMap<>(commit.content().members());
    content.put("parent_hashes", Json.array(List.of()));
    return new Commit(commit.hash(), new Json.Obj(content));
  }

  /**
   * A diff of these commits, the receiver's head first and the new head last. Trees and commits of
   * the chain are always in it; of blobs and metadata only those that {@code isWanted} says.
   */
  public byte[] diff(List<Hash> chain, Predicate<ObjectId> isWanted, Instant when) {
    Set<Hash> trees = new LinkedHashSet<>();
    Set<Hash> blobs = new LinkedHashSet<>();
    Set<Hash> metadata = new LinkedHashSet<>();
    List<Hash> newestFirst = new ArrayList<>(chain);
    java.util.Collections.reverse(newestFirst);
    for (Hash commit : newestFirst) {
      Tree tree = store.tree(store.commit(commit).tree());
      trees.add(tree.hash());
      for (TreeEntry entry : tree.entries().values()) {
        blobs.add(entry.blob());
        if (entry.metadata() != null) {
          metadata.add(entry.metadata());
        }
      }
    }
    List<Hash> shallow =
        chain.stream().filter(commit -> !store.commit(commit).isProven()).distinct().toList();
    return PackWriter.write(
        PackHeader.diff(when, chain).withShallowRoots(shallow),
        type ->
            switch (type) {
              case COMMIT -> newestFirst.stream().map(store::commit);
              case TREE -> trees.stream().map(store::tree);
              case BLOB -> wanted(type, blobs, isWanted).map(store::blob);
              case METADATA -> wanted(type, metadata, isWanted).map(store::metadata);
            });
  }

  private static Stream<Hash> wanted(
      ObjectType type, Set<Hash> hashes, Predicate<ObjectId> isWanted) {
    return hashes.stream().filter(hash -> isWanted.test(new ObjectId(type, hash)));
  }
}
