package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.client.store.StoreWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What decisions make of the head's files.
 *
 * @param tree the files, those that are still open as they were
 * @param paths the files that are decided
 * @param open what is not
 */
public record Decided(Tree tree, Set<String> paths, List<Conflict> open) {
  /** Decides by lines where that is possible by now, else by the resolver. */
  public static Decided of(
      ObjectStore store,
      StoreWriter writer,
      Tree head,
      List<Conflict> conflicts,
      ConflictResolver resolver) {
    MergedTree files = new MergedTree();
    head.entries().forEach(files::put);
    ContentMerge contents = new ContentMerge(store, writer);
    Set<String> paths = new TreeSet<>();
    for (Conflict conflict : conflicts) {
      ConflictResolver.Resolution byLines = contents.resolve(conflict);
      ConflictResolver.Resolution decision =
          byLines instanceof ConflictResolver.Undecided ? resolver.resolve(conflict) : byLines;
      files.decide(conflict, decision);
      if (!(decision instanceof ConflictResolver.Undecided)) {
        paths.add(conflict.path());
      }
    }
    return new Decided(Tree.of(files.entries()), paths, files.open());
  }
}
