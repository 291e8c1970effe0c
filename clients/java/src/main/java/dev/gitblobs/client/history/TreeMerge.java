package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Three trees made one, by the right-hand column of FORMAT.md 9.6: a change on one side is taken,
 * the same change on both is taken once, different changes to one file are a conflict.
 *
 * @param entries the merged files without those in conflict
 */
public record TreeMerge(Map<String, TreeEntry> entries, List<Conflict> conflicts) {
  /**
   * Merges. With several bases (criss-cross) a file is decided only where all of them say the same;
   * with none, every file counts as added.
   */
  public static TreeMerge of(List<Tree> bases, Tree ours, Tree theirs, ConflictResolver resolver) {
    return of(bases, ours, theirs, resolver, null);
  }

  /** The same with the name of the device whose their side is, if that is known. */
  static TreeMerge of(
      List<Tree> bases,
      Tree ours,
      Tree theirs,
      ConflictResolver resolver,
      @Nullable String device) {
    Set<String> paths = new LinkedHashSet<>();
    bases.forEach(base -> paths.addAll(base.entries().keySet()));
    paths.addAll(ours.entries().keySet());
    paths.addAll(theirs.entries().keySet());
    MergedTree merged = new MergedTree();
    for (String path : paths) {
      List<@Nullable TreeEntry> before = new ArrayList<>();
      bases.forEach(base -> before.add(base.entries().get(path)));
      if (bases.isEmpty()) {
        before.add(null);
      }
      TreeEntry left = ours.entries().get(path);
      TreeEntry right = theirs.entries().get(path);
      ConflictResolver.Resolution decision = decide(before, left, right);
      Conflict conflict = new Conflict(path, common(before), left, right, device);
      if (decision instanceof ConflictResolver.Undecided) {
        decision = resolver.resolve(conflict);
      }
      merged.decide(conflict, decision);
    }
    return new TreeMerge(merged.entries(), merged.open());
  }

  private static ConflictResolver.Resolution decide(
      List<@Nullable TreeEntry> bases, @Nullable TreeEntry ours, @Nullable TreeEntry theirs) {
    if (same(ours, theirs)) {
      return new ConflictResolver.Take(ours);
    }
    if (bases.stream().allMatch(base -> same(base, ours))) {
      return new ConflictResolver.Take(theirs);
    }
    if (bases.stream().allMatch(base -> same(base, theirs))) {
      return new ConflictResolver.Take(ours);
    }
    return new ConflictResolver.Undecided();
  }

  private static @Nullable TreeEntry common(List<@Nullable TreeEntry> bases) {
    TreeEntry first = bases.get(0);
    return bases.stream().allMatch(base -> same(base, first)) ? first : null;
  }

  static boolean same(@Nullable TreeEntry a, @Nullable TreeEntry b) {
    if (a == null || b == null) {
      return a == null && b == null;
    }
    return a.sameFile(b);
  }
}
