package dev.gitblobs.client;

import dev.gitblobs.client.history.Ancestry;
import dev.gitblobs.client.history.CommitWalk;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.MergeOutcome;
import dev.gitblobs.client.history.Merger;
import dev.gitblobs.client.history.MissingSet;
import dev.gitblobs.client.history.Omission;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.Signature;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.pack.Packer;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.client.store.StoreWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A store in a folder with what people do to it: the door of this library.
 *
 * <pre>{@code
 * Author ada = new Author("Ada", "ada@example.org", InstantSource.system());
 * Repository notes = Repository.create(Path.of("notes"), ada);
 * notes.commit("first note", List.of(Edit.put("todo.txt", bytes)));
 * notes.log().forEachRemaining(commit -> System.out.println(commit.message()));
 * }</pre>
 *
 * Safe for use by several threads and processes; writers take turns.
 */
public final class Repository {
  private final FileStore store;
  private final Author author;

  Repository(FileStore store, Author author) {
    this.store = store;
    this.author = author;
  }

  /** Opens the store in this folder. Throws when there is none. */
  public static Repository open(Path folder, Author author) {
    return new Repository(FileStore.open(folder), author);
  }

  /** Makes a store in this folder, or opens the one that is there. */
  public static Repository create(Path folder, Author author) {
    return new Repository(FileStore.create(folder), author);
  }

  /** The objects below. */
  public FileStore store() {
    return store;
  }

  /** In whose name and by which clock it commits. */
  public Author author() {
    return author;
  }

  /** The newest commit; empty in a new store. */
  public Optional<Commit> head() {
    return store.head().map(store::commit);
  }

  /** The files of the newest commit. */
  public Tree files() {
    return head().map(commit -> store.tree(commit.tree())).orElse(Tree.EMPTY);
  }

  /** The content of a file of the newest commit, or empty. */
  public Optional<byte[]> read(String path) {
    return files().entry(path).map(entry -> store.blob(entry.blob()).toBytes());
  }

  /** All commits from the head down, newest first. */
  public CommitWalk log() {
    return new CommitWalk(store, store.head().map(List::of).orElse(List.of()));
  }

  /** Makes one commit of all these edits, in order; all of them or none. */
  public CommitOutcome commit(String message, List<Edit> edits) {
    try (StoreWriter writer = store.writer()) {
      Optional<Commit> head = head();
      Tree before = files();
      EditedTree edited = new EditedTree(before, writer);
      for (Edit edit : edits) {
        Optional<CommitOutcome.Refused> refused = edited.apply(edit);
        if (refused.isPresent()) {
          return refused.get();
        }
      }
      Tree after = Tree.of(edited.entries());
      if (after.hash().equals(before.hash())) {
        return new CommitOutcome.Unchanged();
      }
      Signature now = author.sign();
      List<Hash> parents = head.map(Commit::hash).map(List::of).orElse(List.of());
      Commit commit = Commit.of(after.hash(), parents, now, now, message);
      writer.put(after);
      writer.put(commit);
      writer.setHead(commit.hash());
      writer.commit();
      return new CommitOutcome.Committed(commit);
    }
  }

  /** Merges a commit of this store into the head. */
  public MergeOutcome merge(
      Hash theirs, ConflictResolver resolver, Merger.UnrelatedPolicy unrelated) {
    return new Merger(store, author.sign(), resolver, unrelated).merge(theirs);
  }

  /**
   * Takes files out of the commits that are not pushed, as if they had never been added; empty when
   * none of those commits has one of them. What is pushed is never rewritten.
   *
   * @param names of the files
   * @param pushed commits that others have
   */
  public Optional<Omission> leaveOut(Set<String> names, List<Hash> pushed) {
    return Omission.run(store, pushed, (path, entry) -> names.contains(path));
  }

  /**
   * A diff pack that brings a receiver whose head is {@code from} to {@code to}. Throws when {@code
   * from} is not an ancestor: applying it would lose the receiver's commits.
   *
   * @param thin leave out files that the receiver has; original clients accept that
   */
  public byte[] diffPack(Hash from, Hash to, boolean thin) {
    if (!Ancestry.isAncestor(store, from, to)) {
      throw new GitBlobsException(
          "Tried to make a diff from "
              + from.brief()
              + " to "
              + to.brief()
              + " but the first is not an ancestor of the second. Merge them first.");
    }
    MissingSet missing = MissingSet.of(store, to, List.of(from));
    List<Hash> chain = new ArrayList<>(List.of(from));
    chain.addAll(missing.commits());
    Set<ObjectId> wanted = new HashSet<>(missing.objects());
    return new Packer(store)
        .diff(chain, id -> !thin || wanted.contains(id), author.clock().instant());
  }
}
