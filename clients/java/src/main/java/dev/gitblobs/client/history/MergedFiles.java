package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.client.store.StoreWriter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Three trees made one, with the lines of their texts.
 *
 * @param tree the files, their version of those that nobody has decided
 * @param undecided what only a person can decide
 */
public record MergedFiles(Tree tree, List<Conflict> undecided) {
  /** Merges two trees that came from one, as {@code resolver} decides what lines do not. */
  public static MergedFiles of(
      ObjectStore store,
      StoreWriter writer,
      Tree base,
      Tree ours,
      Tree theirs,
      ConflictResolver resolver) {
    return of(
        store,
        writer,
        List.of(base),
        ours,
        theirs,
        resolver,
        conflicts ->
            resolver.begin(conflicts.stream().map(Conflict::path).collect(Collectors.toSet())),
        null);
  }

  /**
   * Merges; what it makes of texts is put into the writer.
   *
   * @param begin told what is in conflict before the resolver is asked
   * @param device whose their side is, if that is known
   */
  static MergedFiles of(
      ObjectStore store,
      StoreWriter writer,
      List<Tree> bases,
      Tree ours,
      Tree theirs,
      ConflictResolver resolver,
      Consumer<List<Conflict>> begin,
      @Nullable String device) {
    ContentMerge contents = new ContentMerge(store, writer);
    Map<String, ConflictResolver.Resolution> decisions = new HashMap<>();
    TreeMerge found =
        TreeMerge.of(
            bases,
            ours,
            theirs,
            conflict ->
                decisions.computeIfAbsent(conflict.path(), path -> contents.resolve(conflict)));
    begin.accept(found.conflicts());
    Set<String> open = new HashSet<>();
    for (Conflict conflict : found.conflicts()) {
      ConflictResolver.Resolution decision = resolver.resolve(conflict.from(device));
      if (decision instanceof ConflictResolver.Undecided) {
        open.add(conflict.path());
        decision = new ConflictResolver.Take(conflict.theirs());
      }
      decisions.put(conflict.path(), decision);
    }
    TreeMerge whole =
        TreeMerge.of(
            bases,
            ours,
            theirs,
            conflict -> decisions.getOrDefault(conflict.path(), new ConflictResolver.Undecided()),
            device);
    List<Conflict> undecided =
        found.conflicts().stream()
            .filter(conflict -> open.contains(conflict.path()))
            .map(conflict -> conflict.from(device))
            .toList();
    return new MergedFiles(Tree.of(whole.entries()), undecided);
  }
}
