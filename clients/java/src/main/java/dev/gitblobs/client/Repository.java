package dev.gitblobs.client;

import dev.gitblobs.client.history.Ancestry;
import dev.gitblobs.client.history.CommitWalk;
import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.Decided;
import dev.gitblobs.client.history.FileHistory;
import dev.gitblobs.client.history.MergeOutcome;
import dev.gitblobs.client.history.Merger;
import dev.gitblobs.client.history.MissingSet;
import dev.gitblobs.client.history.Omission;
import dev.gitblobs.client.history.OpenConflicts;
import dev.gitblobs.client.history.Revision;
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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
  private final OpenConflicts open;

  Repository(FileStore store, Author author) {
    this.store = store;
    this.author = author;
    this.open = new OpenConflicts(store.ownFolder());
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
    return commit(message, edits, "commit");
  }

  CommitOutcome commit(String message, List<Edit> edits, String step) {
    try (StoreWriter writer = store.writer()) {
      EditedTree edited = new EditedTree(files(), writer);
      for (Edit edit : edits) {
        Optional<CommitOutcome.Refused> refused = edited.apply(edit);
        if (refused.isPresent()) {
          return refused.get();
        }
      }
      CommitOutcome outcome = commit(writer, Tree.of(edited.entries()), message, step);
      // Whoever writes a file anew has decided what it is.
      Set<String> paths = edits.stream().flatMap(Edit::paths).collect(Collectors.toSet());
      open.forget(paths::contains);
      return outcome;
    }
  }

  CommitOutcome commit(StoreWriter writer, Tree after, String message, String step) {
    return after.hash().equals(files().hash())
        ? new CommitOutcome.Unchanged()
        : new CommitOutcome.Committed(put(writer, after, message, step));
  }

  /**
   * Commits these files on the head, within a turn that the caller holds.
   *
   * @param paths what changed: whoever writes a file anew has decided what it is
   * @param announce told of the commit before the head moves to it
   */
  public CommitOutcome commitFiles(
      StoreWriter writer,
      Tree after,
      String message,
      Set<String> paths,
      Consumer<Commit> announce) {
    if (after.hash().equals(files().hash())) {
      return new CommitOutcome.Unchanged();
    }
    Commit commit = put(writer, after, message, "commit", announce);
    open.forget(paths::contains);
    return new CommitOutcome.Committed(commit);
  }

  /** A commit of these files on the head, whether they are others than the head's or not. */
  Commit put(StoreWriter writer, Tree after, String message, String step) {
    return put(writer, after, message, step, commit -> {});
  }

  private Commit put(
      StoreWriter writer, Tree after, String message, String step, Consumer<Commit> announce) {
    Optional<Commit> head = head();
    Signature now = author.sign();
    List<Hash> parents = head.map(Commit::hash).map(List::of).orElse(List.of());
    Commit commit = Commit.of(after.hash(), parents, now, now, message);
    writer.put(after);
    writer.put(commit);
    announce.accept(commit);
    writer.setHead(commit.hash(), step);
    writer.commit();
    return commit;
  }

  /**
   * Merges a commit of this store into the head: files by what changed on one side, texts by lines.
   * Nothing changes while the resolver leaves a conflict undecided.
   */
  public MergeOutcome merge(
      Hash theirs, ConflictResolver resolver, Merger.UnrelatedPolicy unrelated) {
    return new Merger(store, author.sign(), resolver, unrelated).merge(theirs);
  }

  /**
   * The same, but undecided conflicts are left open: the head gets the other side's version of
   * those files, and {@link #conflicts} tells of them until they are decided.
   *
   * @param device which device the other side came from; null where that is not known
   */
  public MergeOutcome mergeLeavingOpen(
      Hash theirs,
      ConflictResolver resolver,
      Merger.UnrelatedPolicy unrelated,
      @Nullable String device) {
    return new Merger(store, author.sign(), resolver, unrelated)
        .leavingOpen(open, device)
        .merge(theirs);
  }

  /** Files that merges left to be decided; theirs is what the head has. Survives restarts. */
  public List<Conflict> conflicts() {
    // Reading the tree of a large store takes a while.
    return open.isNone() ? List.of() : open.list(files());
  }

  /**
   * Decides open conflicts, by lines where the head's version has become one that merges, else by
   * the resolver; those that it leaves undecided stay open. One commit holds what changes by it.
   */
  public CommitOutcome decide(ConflictResolver resolver) {
    if (conflicts().isEmpty()) {
      resolver.begin(Set.of());
      return new CommitOutcome.Unchanged();
    }
    try (StoreWriter writer = store.writer()) {
      List<Conflict> asked = conflicts();
      resolver.begin(asked.stream().map(Conflict::path).collect(Collectors.toSet()));
      Decided decided = Decided.of(store, writer, files(), asked, resolver);
      Set<String> paths = decided.paths();
      String what = paths.size() == 1 ? paths.iterator().next() : paths.size() + " files";
      CommitOutcome outcome = commit(writer, decided.tree(), "Decide " + what, "decide");
      open.forget(paths::contains);
      return outcome;
    }
  }

  /** What became of a file, from the head down. */
  public FileHistory history(String path) {
    return new FileHistory(store, store.head().map(List::of).orElse(List.of()), path);
  }

  /** The commit that a {@link Revision} names. Throws, with what to say, when there is none. */
  public Commit resolve(String revision) {
    return Revision.resolve(store, revision);
  }

  /**
   * Takes back the last step that moved the head and is not taken back already: a commit, merge,
   * import, restore or pull. Said again it goes on to the step before.
   *
   * @param pushed commits that others have: a step that they hold is taken back by a new commit
   */
  public UndoOutcome undo(Collection<Hash> pushed) {
    return new WayBack(this).undo(pushed);
  }

  /**
   * Takes back what one commit changed against its first parent, by a new commit; later changes of
   * other lines stay.
   */
  public RevertOutcome revert(Hash commit, ConflictResolver resolver) {
    return new WayBack(this).revert(commit, resolver);
  }

  /**
   * Brings a version of a file back, by a new commit, whether it was changed or deleted since.
   *
   * @param from the commit that has the version; null for the last that is another than the head's
   */
  public CommitOutcome restore(String path, @Nullable Hash from) {
    return new WayBack(this).restore(path, from);
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
