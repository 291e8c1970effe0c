package dev.gitblobs.client.folder;

import dev.gitblobs.client.folder.Standing.Stamp;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.TreeEntry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A folder beside its store: what each has of every file, and what that makes of it. */
final class FolderView {
  /** A file of the folder. */
  record Found(Hash blob, Stamp stamp) {}

  /** Java has no longer arrays. */
  private static final long LARGEST_BYTES = Integer.MAX_VALUE - 8L;

  /** How often a file is read that changes meanwhile. */
  private static final int READS = 3;

  private final Path root;
  private final LongConsumer progress;
  private final Instant now;
  private long read;
  private final FolderScan scan;
  private final Map<String, TreeEntry> head;
  private final SortedMap<String, Found> found = new TreeMap<>();
  private final Map<String, FolderIndex.Entry> entries = new LinkedHashMap<>();
  private final List<Skipped> skipped = new ArrayList<>();
  private final Set<String> unknown = new HashSet<>();
  private final List<FolderChange> changes = new ArrayList<>();

  /**
   * Looks at the folder and reads what is not known to be unchanged.
   *
   * @param now before the look, so that what changes from then on is noticed
   * @param heading the files that it was being made equal to when that was cut short; may be empty
   */
  FolderView(
      Path root,
      FolderScan scan,
      Instant now,
      FolderIndex index,
      Map<String, TreeEntry> head,
      Map<String, TreeEntry> heading,
      LongConsumer progress)
      throws IOException {
    this.root = root;
    this.progress = progress;
    this.now = now;
    this.scan = scan;
    this.head = head;
    skipped.addAll(scan.skipped());
    for (Map.Entry<String, Stamp> file : scan.files().entrySet()) {
      read(file.getKey(), file.getValue(), index.entries().get(file.getKey()));
    }
    for (String path : index.entries().keySet()) {
      if (!found.containsKey(path)) {
        findAbsent(path);
      }
    }
    index.entries().forEach((path, entry) -> settle(path, entry, heading.get(path), heading));
    found.keySet().forEach(path -> settleNew(path, heading.get(path)));
    compare();
  }

  /** The files of the folder. */
  Map<String, Found> found() {
    return found;
  }

  /** What the folder and the store have in common, by now. */
  Map<String, FolderIndex.Entry> entries() {
    return entries;
  }

  /** What cannot be stored. */
  List<Skipped> skipped() {
    return skipped;
  }

  /** Where the folder is other than the store. A rename is two changes. */
  List<FolderChange> changes() {
    return changes;
  }

  /** Whether nobody can say what stands there. */
  boolean isUnknown(String path) {
    return unknown.contains(path) || scan.isHidden(path);
  }

  private void read(String path, Stamp stamp, FolderIndex.@Nullable Entry known)
      throws IOException {
    if (known != null && stamp.equals(known.stamp())) {
      found.put(path, new Found(known.base().blob(), stamp));
      return;
    }
    progress.accept(++read);
    Path place = FolderPlace.of(root, path).orElse(null);
    if (stamp.bytes() > LARGEST_BYTES) {
      skip(path, "it is larger than the 2 GiB that a store takes");
      return;
    }
    if (place == null) {
      skip(path, "its name cannot be that of a file in a store");
      return;
    }
    try {
      Stamp before = stamp;
      for (int i = 0; i < READS; i++) {
        Hash hash = FileDigest.of(place);
        Standing after = Standing.at(place);
        if (after.isFile() && after.stamp().equals(before)) {
          found.put(path, new Found(hash, before));
          return;
        }
        before = after.stamp();
      }
      skip(path, "it changes while it is read");
    } catch (NoSuchFileException e) {
      return; // deleted since the folder was looked at
    } catch (IOException e) {
      skip(path, "it cannot be read: " + FolderWriter.reason(e));
    }
  }

  private void skip(String path, String reason) {
    unknown.add(path);
    skipped.add(new Skipped(path, reason));
  }

  /** A file that the look did not find is deleted only where nothing else is in its place. */
  private void findAbsent(String path) throws IOException {
    Optional<Path> place = FolderPlace.of(root, path);
    if (place.isEmpty()) {
      unknown.add(path); // this system has no such name, so it was never written here
      return;
    }
    if (isUnknown(path)) {
      return;
    }
    Path above = root;
    for (Path part : root.relativize(place.get())) {
      above = above.resolve(part);
      Standing standing;
      try {
        standing = Standing.at(above);
      } catch (NoSuchFileException e) {
        return;
      }
      boolean isItself = above.equals(place.get());
      if (isItself && standing.isFile()) {
        read(path, standing.stamp(), null);
      } else if (!standing.isDirectory() && !standing.isFile()) {
        unknown.add(path);
      }
      if (!standing.isDirectory()) {
        return;
      }
    }
  }

  /** What both have got meanwhile is no change, nor what was being written when that was cut. */
  private void settle(
      String path,
      FolderIndex.Entry entry,
      @Nullable TreeEntry heading,
      Map<String, TreeEntry> headings) {
    Found file = found.get(path);
    TreeEntry theirs = head.get(path);
    if (file == null) {
      boolean isGone = theirs == null || (!headings.isEmpty() && heading == null);
      if (!isGone || isUnknown(path)) {
        entries.put(path, new FolderIndex.Entry(entry.base(), null));
      }
      return;
    }
    boolean isClean = file.blob().equals(entry.base().blob());
    TreeEntry same = isClean ? entry.base() : matching(file, theirs, heading);
    entries.put(path, entryOf(same == null ? entry.base() : same, file));
  }

  private void settleNew(String path, @Nullable TreeEntry heading) {
    Found file = found.get(path);
    if (file != null && !entries.containsKey(path)) {
      TreeEntry same = matching(file, head.get(path), heading);
      if (same != null) {
        entries.put(path, entryOf(same, file));
      }
    }
  }

  private static @Nullable TreeEntry matching(
      Found file, @Nullable TreeEntry first, @Nullable TreeEntry second) {
    if (first != null && first.blob().equals(file.blob())) {
      return first;
    }
    return second != null && second.blob().equals(file.blob()) ? second : null;
  }

  /** The entry of a file; its stamp says something only where that content is the base's. */
  FolderIndex.Entry entryOf(TreeEntry base, Found file) {
    boolean isKnown = base.blob().equals(file.blob()) && file.stamp().isSettled(now);
    return new FolderIndex.Entry(base, isKnown ? file.stamp() : null);
  }

  private void compare() {
    Set<String> paths = new TreeSet<>(found.keySet());
    paths.addAll(entries.keySet());
    NewNames names = null;
    for (String path : paths) {
      Found file = found.get(path);
      FolderIndex.Entry entry = entries.get(path);
      Hash before = entry == null ? null : entry.base().blob();
      Hash after = file == null ? null : file.blob();
      if (Objects.equals(before, after) || (after == null && isUnknown(path))) {
        continue;
      }
      TreeEntry theirs = head.get(path);
      if (before == null && theirs == null) {
        names = names == null ? new NewNames(head.keySet()) : names;
        Optional<String> refusal = names.refusal(path);
        if (refusal.isPresent()) {
          skip(path, refusal.get());
          continue;
        }
      }
      Hash headed = theirs == null ? null : theirs.blob();
      changes.add(
          new FolderChange(
              kind(before, after), path, null, before, after, !Objects.equals(before, headed)));
    }
  }

  private static FolderChange.Kind kind(@Nullable Hash before, @Nullable Hash after) {
    if (before == null) {
      return FolderChange.Kind.NEW;
    }
    return after == null ? FolderChange.Kind.DELETED : FolderChange.Kind.CHANGED;
  }
}
