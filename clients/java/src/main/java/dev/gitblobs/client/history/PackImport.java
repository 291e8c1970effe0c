package dev.gitblobs.client.history;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.StoredObject;
import dev.gitblobs.client.pack.PackReader;
import dev.gitblobs.client.store.Connectivity;
import dev.gitblobs.client.store.CorruptObjectException;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.client.store.StoreWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Takes a pack's objects into a store and moves the head where that loses nothing. Everything is
 * verified before anything is seen: each object by its hash, and that all files of all trees are
 * there. Unlike the original's import it deletes nothing.
 */
public final class PackImport {
  private final ObjectStore store;
  private final LongConsumer progress;

  /** Imports into this store; {@code progress} is told how many objects have been read. */
  public PackImport(ObjectStore store, LongConsumer progress) {
    this.store = store;
    this.progress = progress;
  }

  /**
   * Imports.
   *
   * @param replaceHead move the head to the pack's even if that leaves local commits unreachable
   */
  public ImportOutcome run(PackReader pack, boolean replaceHead) {
    Hash theirs = head(pack);
    try (StoreWriter writer = store.writer()) {
      Connectivity arrived = new Connectivity();
      arrived.want(ObjectType.COMMIT, theirs, "The pack's header");
      long[] count = {0};
      pack.forEach(
          object -> {
            writer.put(object);
            arrived.add(asHere(object));
            progress.accept(++count[0]);
          });
      requireWhole(pack, arrived);
      writer.commit();
      return moveHead(theirs, replaceHead, writer);
    }
  }

  /** A commit whose history this store has cut off stays cut off: nothing below it is asked for. */
  private StoredObject asHere(StoredObject object) {
    if (object instanceof Commit && store.contains(object.id())) {
      try {
        return store.find(object.id()).filter(here -> !here.isProven()).orElse(object);
      } catch (CorruptObjectException e) {
        return object; // damaged here: what arrives takes its place
      }
    }
    return object;
  }

  private static Hash head(PackReader pack) {
    List<Hash> chain = pack.header().chain();
    if (!chain.isEmpty()) {
      return chain.get(chain.size() - 1);
    }
    return pack.header()
        .commitHead()
        .orElseThrow(
            () ->
                new GitBlobsException(
                    "Tried to import a pack but it is the backup of an empty store."));
  }

  private void requireWhole(PackReader pack, Connectivity arrived) {
    // A tree that only the store has may be what an interrupted exchange left: look into it.
    arrived.missing(id -> false).keySet().stream()
        .filter(id -> id.type() == ObjectType.TREE)
        .forEach(id -> store.find(id).ifPresent(arrived::add));
    Map<ObjectId, String> missing = arrived.missing(this::isWhole);
    if (!pack.header().isDiff()) {
      // A store that an original client brought forward may lack ancestors (FORMAT.md 5.4).
      missing
          .keySet()
          .removeIf(id -> id.type() == ObjectType.COMMIT && !id.hash().equals(head(pack)));
    }
    if (missing.isEmpty()) {
      return;
    }
    Map.Entry<ObjectId, String> first = missing.entrySet().iterator().next();
    String hint =
        pack.header().isDiff()
            ? " A diff needs a store that has its first commit, "
                + pack.header().chain().get(0).brief()
                + "; import a backup first."
            : "";
    throw new GitBlobsException(
        "Tried to import a pack but "
            + first.getValue()
            + " refers to "
            + first.getKey()
            + ", which neither the pack nor the store has ("
            + missing.size()
            + " missing in all). Nothing was imported."
            + hint);
  }

  /**
   * Whether the store has it with all it refers to: a commit must be of the history of the head or
   * of a ref.
   */
  private boolean isWhole(ObjectId id) {
    return store.contains(id)
        && (id.type() != ObjectType.COMMIT
            || Stream.concat(store.head().stream(), store.refs().values().stream())
                .anyMatch(tip -> Ancestry.isAncestor(store, id.hash(), tip)));
  }

  private ImportOutcome moveHead(Hash theirs, boolean replaceHead, StoreWriter writer) {
    Optional<Hash> ours = store.head();
    if (ours.isPresent() && !replaceHead) {
      List<Hash> bases = Ancestry.mergeBases(store, ours.get(), theirs);
      if (bases.contains(theirs)) {
        return new ImportOutcome.UpToDate(ours.get());
      }
      if (!bases.contains(ours.get())) {
        return new ImportOutcome.Diverged(ours.get(), theirs);
      }
    }
    writer.setHead(theirs, "import");
    writer.commit();
    return new ImportOutcome.HeadMoved(theirs);
  }
}
