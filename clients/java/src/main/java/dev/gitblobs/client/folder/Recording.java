package dev.gitblobs.client.folder;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.MergedFiles;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.StoreWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Records changes of a folder in a commit on the head, merged with what the head has got since. */
final class Recording {
  private final Repository repository;
  private final Path root;
  private final FolderView view;
  private final Map<String, FolderIndex.Entry> entries;
  private final List<Skipped> skipped = new ArrayList<>();
  private List<Conflict> conflicts = List.of();
  private CommitOutcome outcome = new CommitOutcome.Unchanged();

  Recording(Repository repository, Path root, FolderView view) {
    this.repository = repository;
    this.root = root;
    this.view = view;
    this.entries = new LinkedHashMap<>(view.entries());
  }

  /** What folder and store have in common after it. */
  Map<String, FolderIndex.Entry> entries() {
    return entries;
  }

  List<Skipped> skipped() {
    return skipped;
  }

  List<Conflict> conflicts() {
    return conflicts;
  }

  CommitOutcome outcome() {
    return outcome;
  }

  /**
   * Does it.
   *
   * @param announce told of the commit, and what becomes of the files with it, before the head
   *     moves to it
   */
  void run(
      @Nullable String message,
      List<FolderChange> changes,
      ConflictResolver resolver,
      BiConsumer<Hash, Map<String, Optional<TreeEntry>>> announce) {
    if (changes.isEmpty()) {
      resolver.begin(Set.of());
      return;
    }
    try (StoreWriter writer = repository.store().writer()) {
      Tree head = repository.files();
      Map<String, TreeEntry> base = head.toMap();
      Map<String, TreeEntry> ours = head.toMap();
      List<FolderChange> stored = store(writer, changes);
      for (FolderChange change : stored) {
        FolderIndex.Entry known = view.entries().get(change.path());
        put(base, change.path(), known == null ? null : known.base());
        put(ours, change.path(), entry(change));
      }
      writer.commit(); // the merge reads from the store; nothing refers to them yet
      MergedFiles merged =
          MergedFiles.of(repository.store(), writer, Tree.of(base), Tree.of(ours), head, resolver);
      conflicts = merged.undecided();
      Set<String> open = conflicts.stream().map(Conflict::path).collect(Collectors.toSet());
      List<FolderChange> recorded =
          stored.stream().filter(change -> !open.contains(change.path())).toList();
      Map<String, Optional<TreeEntry>> pending = new HashMap<>();
      recorded.forEach(change -> pending.put(change.path(), Optional.ofNullable(entry(change))));
      outcome =
          repository.commitFiles(
              writer,
              merged.tree(),
              message != null ? message : FolderChange.summary(Renames.in(recorded)),
              recorded.stream().map(FolderChange::path).collect(Collectors.toSet()),
              commit -> announce.accept(commit.hash(), pending));
      recorded.forEach(this::settle);
    }
  }

  /** Puts the contents into the store; returns the changes without those that cannot be read. */
  private List<FolderChange> store(StoreWriter writer, List<FolderChange> changes) {
    List<FolderChange> stored = new ArrayList<>();
    Set<Hash> known = new HashSet<>();
    for (FolderChange change : changes) {
      Hash after = change.after();
      if (after == null || known.contains(after)) {
        stored.add(change);
        continue;
      }
      try {
        Path place = FolderPlace.of(root, change.path()).orElseThrow();
        Blob blob;
        try (InputStream in = Files.newInputStream(place, LinkOption.NOFOLLOW_LINKS)) {
          blob = Blob.of(in.readAllBytes());
        }
        if (!blob.hash().equals(after)) {
          skipped.add(new Skipped(change.path(), "it changes while it is read"));
          continue;
        }
        writer.put(blob);
        known.add(after);
        stored.add(change);
      } catch (IOException e) {
        skipped.add(new Skipped(change.path(), "it cannot be read: " + FolderWriter.reason(e)));
      }
    }
    return stored;
  }

  private @Nullable TreeEntry entry(FolderChange change) {
    Hash after = change.after();
    if (after == null) {
      return null;
    }
    FolderIndex.Entry known = view.entries().get(change.path());
    return TreeEntry.of(after, known == null ? null : known.base().metadata());
  }

  private static void put(Map<String, TreeEntry> files, String path, @Nullable TreeEntry entry) {
    if (entry == null) {
      files.remove(path);
    } else {
      files.put(path, entry);
    }
  }

  private void settle(FolderChange change) {
    TreeEntry ours = entry(change);
    FolderView.Found found = view.found().get(change.path());
    if (ours == null || found == null) {
      entries.remove(change.path());
    } else {
      entries.put(change.path(), view.entryOf(ours, found));
    }
  }
}
