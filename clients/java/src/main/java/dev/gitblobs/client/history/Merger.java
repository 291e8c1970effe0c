package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.Signature;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.MissingObjectException;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.client.store.StoreWriter;
import java.util.List;
import java.util.Optional;

/** Merges commits into a store's head. */
public final class Merger {
  /** What to do when two histories have no common ancestor, as fresh browsers' have. */
  public enum UnrelatedPolicy {
    /** End with {@link MergeOutcome.Unrelated}. */
    REFUSE,
    /** Merge as if the ancestor had been empty. */
    ALLOW,
    /** Drop the local history: the head becomes theirs. */
    REPLACE_LOCAL
  }

  private final ObjectStore store;
  private final Signature merger;
  private final ConflictResolver resolver;
  private final UnrelatedPolicy policy;

  /** Merges as {@code merger}, who is author and committer of what comes out. */
  public Merger(
      ObjectStore store, Signature merger, ConflictResolver resolver, UnrelatedPolicy policy) {
    this.store = store;
    this.merger = merger;
    this.resolver = resolver;
    this.policy = policy;
  }

  /** Merges the commit into the head. Its whole history must be in the store. */
  public MergeOutcome merge(Hash theirs) {
    try (StoreWriter writer = store.writer()) {
      return merge(theirs, writer);
    }
  }

  /** The same within a turn that the caller holds. */
  public MergeOutcome merge(Hash theirs, StoreWriter writer) {
    Optional<Hash> head = store.head();
    requireFiles(theirs, head.map(this::tree).orElse(Tree.EMPTY));
    if (head.isEmpty()) {
      return moveHead(theirs, theirs, writer);
    }
    Hash ours = head.get();
    List<Hash> bases = Ancestry.mergeBases(store, ours, theirs);
    if (bases.contains(theirs)) {
      return new MergeOutcome.UpToDate(ours);
    }
    if (bases.contains(ours)) {
      return moveHead(ours, theirs, writer);
    }
    if (bases.isEmpty() && policy == UnrelatedPolicy.REFUSE) {
      return new MergeOutcome.Unrelated(ours, theirs);
    }
    if (bases.isEmpty() && policy == UnrelatedPolicy.REPLACE_LOCAL) {
      return moveHead(ours, theirs, writer);
    }
    return mergeTrees(bases, ours, theirs, writer);
  }

  /** Throws unless all files of the commit that we do not have in our tree are in the store. */
  private void requireFiles(Hash commit, Tree ours) {
    tree(commit)
        .entries()
        .forEach(
            (path, entry) -> {
              TreeEntry known = ours.entries().get(path);
              ObjectId blob = new ObjectId(ObjectType.BLOB, entry.blob());
              if ((known == null || !known.sameFile(entry)) && !store.contains(blob)) {
                throw new MissingObjectException(blob);
              }
            });
  }

  private static MergeOutcome moveHead(Hash from, Hash to, StoreWriter writer) {
    writer.setHead(to);
    writer.commit();
    return new MergeOutcome.FastForwarded(from, to);
  }

  private MergeOutcome mergeTrees(List<Hash> bases, Hash ours, Hash theirs, StoreWriter writer) {
    TreeMerge merge =
        TreeMerge.of(bases.stream().map(this::tree).toList(), tree(ours), tree(theirs), resolver);
    if (!merge.conflicts().isEmpty()) {
      return new MergeOutcome.Conflicted(ours, theirs, merge.conflicts());
    }
    Tree tree = Tree.of(merge.entries());
    String message = "Merge " + theirs + " into " + ours;
    Commit commit = Commit.of(tree.hash(), List.of(ours, theirs), merger, merger, message);
    writer.put(tree);
    writer.put(commit);
    writer.setHead(commit.hash());
    writer.commit();
    return new MergeOutcome.Merged(commit);
  }

  private Tree tree(Hash commit) {
    return store.tree(store.commit(commit).tree());
  }
}
