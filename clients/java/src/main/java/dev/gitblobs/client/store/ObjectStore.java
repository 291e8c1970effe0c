package dev.gitblobs.client.store;

import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Metadata;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.object.Tree;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Objects by type and hash, and one head. Safe for use by several threads. */
public interface ObjectStore {
  /**
   * The object, verified against its hash; a commit may be a shallow root. Empty when the store
   * does not have it. Throws {@link CorruptObjectException} when what it has is not that object.
   */
  Optional<StoredObject> find(ObjectId id);

  /** Whether the store has the object; does not read it whole. */
  boolean contains(ObjectId id);

  /** Passes every object to the receiver, in the store's own order, damaged ones by exception. */
  void forEach(Consumer<StoredObject> receiver);

  /** The commit the head names; empty in a new store. */
  Optional<Hash> head();

  /** Named commits beside the head; original clients keep them but do not use them. */
  Map<String, Hash> refs();

  /** Waits for the one turn to write. Throws {@link StoreLockedException} when it does not come. */
  StoreWriter writer();

  /** The commit. Throws {@link MissingObjectException}. */
  default Commit commit(Hash hash) {
    return (Commit) require(new ObjectId(ObjectType.COMMIT, hash));
  }

  /** The tree. Throws {@link MissingObjectException}. */
  default Tree tree(Hash hash) {
    return (Tree) require(new ObjectId(ObjectType.TREE, hash));
  }

  /** The blob. Throws {@link MissingObjectException}. */
  default Blob blob(Hash hash) {
    return (Blob) require(new ObjectId(ObjectType.BLOB, hash));
  }

  /** The metadata. Throws {@link MissingObjectException}. */
  default Metadata metadata(Hash hash) {
    return (Metadata) require(new ObjectId(ObjectType.METADATA, hash));
  }

  /** The object. Throws {@link MissingObjectException}. */
  default StoredObject require(ObjectId id) {
    return find(id).orElseThrow(() -> new MissingObjectException(id));
  }
}
