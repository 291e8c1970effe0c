package dev.gitblobs.client.history;

import dev.gitblobs.client.object.TreeEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tree that grows file by file while conflicts are decided. */
final class MergedTree {
  private final Map<String, TreeEntry> entries = new LinkedHashMap<>();
  private final List<Conflict> open = new ArrayList<>();
  private final List<Conflict> both = new ArrayList<>();

  void put(String path, @Nullable TreeEntry entry) {
    if (entry == null) {
      entries.remove(path);
    } else {
      entries.put(path, entry);
    }
  }

  /** Puts what was decided; an open one is noted, and its file is as it was. */
  void decide(Conflict conflict, ConflictResolver.Resolution resolution) {
    if (resolution instanceof ConflictResolver.Take take) {
      put(conflict.path(), take.entry());
    } else if (resolution instanceof ConflictResolver.KeepBoth) {
      boolean hasOurs = conflict.ours() != null;
      put(conflict.path(), hasOurs ? conflict.ours() : conflict.theirs());
      both.add(conflict);
    } else {
      open.add(conflict);
    }
  }

  /** The files; of those that are kept twice the other one at the end, under a name of its own. */
  Map<String, TreeEntry> entries() {
    for (Conflict conflict : both) {
      TreeEntry theirs = conflict.theirs();
      if (conflict.ours() != null && theirs != null) {
        entries.put(nameForTheirs(conflict), theirs);
      }
    }
    both.clear();
    return entries;
  }

  private String nameForTheirs(Conflict conflict) {
    String path = conflict.path();
    String device = conflict.device();
    String from = " (" + (device == null ? "theirs" : "from " + device);
    int dot = path.lastIndexOf('.');
    int end = dot > path.lastIndexOf('/') + 1 ? dot : path.length();
    String name = path.substring(0, end) + from + ")" + path.substring(end);
    for (int i = 2; entries.containsKey(name); i++) {
      name = path.substring(0, end) + from + " " + i + ")" + path.substring(end);
    }
    return name;
  }

  List<Conflict> open() {
    return List.copyOf(open);
  }
}
