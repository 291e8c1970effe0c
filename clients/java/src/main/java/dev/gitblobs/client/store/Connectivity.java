package dev.gitblobs.client.store;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Keeps account of which objects have been seen and which they refer to, to say in the end what is
 * missing. Holds ids, not objects. Safe for use by several threads.
 */
public final class Connectivity {
  private final Set<ObjectId> seen = ConcurrentHashMap.newKeySet();

  /** Wanted object to one that refers to it. */
  private final Map<ObjectId, String> wanted = new ConcurrentHashMap<>();

  /** Notes an object and all it refers to. */
  public void add(StoredObject object) {
    seen.add(object.id());
    String referrer = object.id().toString();
    if (object instanceof Commit commit) {
      want(ObjectType.TREE, commit.tree(), referrer);
      commit.parents().forEach(parent -> want(ObjectType.COMMIT, parent, referrer));
    } else if (object instanceof Tree tree) {
      for (TreeEntry entry : tree.entries().values()) {
        want(ObjectType.BLOB, entry.blob(), referrer);
        if (entry.metadata() != null) {
          want(ObjectType.METADATA, entry.metadata(), referrer);
        }
      }
    }
  }

  /** Notes that something outside refers to an object. */
  public void want(ObjectType type, Hash hash, String referrer) {
    wanted.putIfAbsent(new ObjectId(type, hash), referrer);
  }

  /** Whether the object was noted. */
  public boolean hasSeen(ObjectId id) {
    return seen.contains(id);
  }

  /** The objects noted. */
  public Set<ObjectId> seen() {
    return Set.copyOf(seen);
  }

  /** Objects referred to that were not noted and are not known elsewhere, each with a referrer. */
  public Map<ObjectId, String> missing(Predicate<ObjectId> isKnown) {
    Map<ObjectId, String> missing =
        new TreeMap<>(java.util.Comparator.comparing(ObjectId::toString));
    wanted.forEach(
        (id, referrer) -> {
          if (!seen.contains(id) && !isKnown.test(id)) {
            missing.put(id, referrer);
          }
        });
    return missing;
  }
}
