package dev.gitblobs.client.object;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.PropertyOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** All files of one commit, path to entry; flat, in insertion order (JS property order). */
public record Tree(Hash hash, Map<String, TreeEntry> entries) implements StoredObject {
  /** The tree without files. */
  public static final Tree EMPTY = of(Map.of());

  /** Copies the entries into JS property order. */
  public Tree {
    entries = Collections.unmodifiableMap(PropertyOrder.of(entries));
  }

  /** A new tree, hashed. The paths are the caller's care ({@link FilePath}). */
  public static Tree of(Map<String, TreeEntry> entries) {
    Map<String, TreeEntry> ordered = PropertyOrder.of(entries);
    return new Tree(Hash.of(CanonicalText.of(ordered, TreeEntry::write)), ordered);
  }

  /** The tree of these entries under this hash. Throws {@link MalformedObjectException}. */
  public static Tree read(Hash hash, Json.Obj entries) {
    Map<String, TreeEntry> read = new LinkedHashMap<>();
    entries
        .members()
        .forEach(
            (path, value) -> {
              Map<String, String> fields = new LinkedHashMap<>();
              if (value instanceof Json.Obj entry) {
                for (String name : entry.members().keySet()) {
                  entry.text(name).ifPresent(text -> fields.put(name, text));
                }
              }
              read.put(path, TreeEntry.read(path, fields));
            });
    return new Tree(hash, read);
  }

  @Override
  public ObjectType type() {
    return ObjectType.TREE;
  }

  /** The file at that path, or empty. */
  public Optional<TreeEntry> entry(String path) {
    return Optional.ofNullable(entries.get(path));
  }

  /** A copy of the entries to change and make a new tree of. */
  public Map<String, TreeEntry> toMap() {
    return new LinkedHashMap<>(entries);
  }

  /** Whether the hash is that of the root order, and not of another locale's. */
  public boolean isInRootOrder() {
    return Hash.of(CanonicalText.of(entries, TreeEntry::write)).equals(hash);
  }

  @Override
  public Optional<byte[]> wireBytes() {
    return CanonicalText.withHash(hash, entries, TreeEntry::write);
  }
}
