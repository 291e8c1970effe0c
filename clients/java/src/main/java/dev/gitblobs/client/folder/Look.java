package dev.gitblobs.client.folder;

import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.FileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One look at a folder and its store.
 *
 * @param index what was kept of the look before
 * @param now when it began
 */
record Look(FolderIndex index, Head head, FolderScan scan, FolderView view, Instant now) {
  /** What the store has. */
  record Head(@Nullable Hash commit, Map<String, TreeEntry> entries) {
    /** An index that is equal to the head spares reading the tree. */
    static Head of(FileStore store, FolderIndex index) {
      Hash commit = store.head().orElse(null);
      if (commit == null) {
        return new Head(null, Map.of());
      }
      return new Head(commit, commit.equals(index.at()) ? index.base() : files(store, commit));
    }

    private static Map<String, TreeEntry> files(FileStore store, Hash commit) {
      return store.tree(store.commit(commit).tree()).entries();
    }

    /** Whether the head is or was that commit: else what was begun has not come about. */
    private boolean was(FileStore store, Hash heading) {
      return heading.equals(commit)
          || store.headLog().steps(Optional.ofNullable(commit)).stream()
              .anyMatch(step -> heading.equals(step.before()) || heading.equals(step.after()));
    }

    /** What folder and store have in common, and whether that is all. */
    FolderIndex index(Map<String, FolderIndex.Entry> common) {
      boolean isAll =
          common.size() == entries.size()
              && common.entrySet().stream()
                  .allMatch(entry -> entry.getValue().base().equals(entries.get(entry.getKey())));
      return new FolderIndex(common, Map.of(), null, isAll ? commit : null);
    }
  }

  static Look at(
      Path folder, FileStore store, Reserved reserved, Instant now, LongConsumer progress)
      throws IOException {
    FolderIndex kept = FolderIndex.load(store.ownFolder());
    Head head = Head.of(store, kept);
    Hash heading = kept.heading();
    boolean isCut = heading != null && head.was(store, heading);
    FolderIndex index = isCut ? kept.recovered() : kept;
    Map<String, TreeEntry> headings =
        isCut && heading != null ? Head.files(store, heading) : Map.of();
    Set<String> tracked = new HashSet<>(index.entries().keySet());
    tracked.addAll(head.entries().keySet());
    FolderScan scan = new FolderScan(folder, reserved, tracked);
    FolderView view = new FolderView(folder, scan, now, index, head.entries(), headings, progress);
    return new Look(kept, head, scan, view, now);
  }

  /** What the head has got others of, and the folder, which has no change there, has not yet. */
  List<String> toCome() {
    Set<String> paths = new TreeSet<>(view.entries().keySet());
    paths.addAll(head.entries().keySet());
    view.changes().forEach(change -> paths.remove(change.path()));
    List<String> toCome = new ArrayList<>();
    for (String path : paths) {
      FolderIndex.Entry entry = view.entries().get(path);
      TreeEntry theirs = head.entries().get(path);
      if (entry == null || theirs == null || !entry.base().blob().equals(theirs.blob())) {
        toCome.add(path);
      }
    }
    return toCome;
  }
}
