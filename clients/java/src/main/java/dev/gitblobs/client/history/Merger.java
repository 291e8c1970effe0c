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
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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
  private @Nullable OpenConflicts open;
  private @Nullable String device;

  /** Merges as {@code merger}, who is author and committer of what comes out. */
  public Merger(
      ObjectStore store, Signature merger, ConflictResolver resolver, UnrelatedPolicy policy) {
    this.store = store;
    this.merger = merger;
    this.resolver = resolver;
    this.policy = policy;
  }

  /**
   * Undecided conflicts are left open: the head gets the other side's version of those files, which
   * others may have already, and all else can go on. Without this nothing is merged while a file is
   * undecided.
   *
   * @param conflicts where they are kept
   * @param from the device that made the other side; null where that is not known
   */
  public Merger leavingOpen(OpenConflicts conflicts, @Nullable String from) {
    this.open = conflicts;
    this.device = from;
    return this;
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
      begin(List.of(), tree(ours));
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

  /** Says what is in conflict, here and from before, before anything changes. */
  private void begin(List<Conflict> conflicts, Tree head) {
    Set<String> paths = new TreeSet<>(conflicts.stream().map(Conflict::path).toList());
    if (open != null) {
      open.list(head).forEach(conflict -> paths.add(conflict.path()));
    }
    resolver.begin(paths);
  }

  private boolean leaveOpen(List<Conflict> conflicts, Hash ours, Tree head) {
    return open != null && open.leave(conflicts, ours, head);
  }

  private MergeOutcome moveHead(Hash from, Hash to, StoreWriter writer) {
    begin(List.of(), store.head().map(this::tree).orElse(Tree.EMPTY));
    writer.setHead(to, "fast-forward");
    writer.commit();
    return new MergeOutcome.FastForwarded(from, to);
  }

  private MergeOutcome mergeTrees(List<Hash> bases, Hash ours, Hash theirs, StoreWriter writer) {
    Tree left = tree(ours);
    MergedFiles files =
        MergedFiles.of(
            store,
            writer,
            bases.stream().map(this::tree).toList(),
            left,
            tree(theirs),
            resolver,
            conflicts -> begin(conflicts, left),
            device);
    if (!files.undecided().isEmpty() && !leaveOpen(files.undecided(), ours, left)) {
      return new MergeOutcome.Conflicted(ours, theirs, files.undecided());
    }
    String message = "Merge " + theirs + " into " + ours;
    Commit commit = Commit.of(files.tree().hash(), List.of(ours, theirs), merger, merger, message);
    writer.put(files.tree());
    writer.put(commit);
    writer.setHead(commit.hash(), "merge");
    writer.commit();
    return new MergeOutcome.Merged(commit, files.undecided());
  }

  private Tree tree(Hash commit) {
    return store.tree(store.commit(commit).tree());
  }
}
