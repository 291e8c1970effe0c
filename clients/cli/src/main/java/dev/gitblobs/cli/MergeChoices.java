package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.StoreWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a user decides conflicts and unrelated histories. */
final class MergeChoices {
  /** A side of a merge. */
  enum Side {
    /** What HEAD has. */
    ours,
    /** What the other commit has. */
    theirs
  }

  @Option(names = "--ours", paramLabel = "NAME", description = "Take HEAD's side of this file.")
  private List<String> ours = List.of();

  @Option(
      names = "--theirs",
      paramLabel = "NAME",
      description = "Take the other side of this file.")
  private List<String> theirs = List.of();

  @Option(names = "--take", paramLabel = "NAME=FILE", description = "Take this file's content.")
  private Map<String, Path> taken = Map.of();

  @Option(
      names = "--prefer",
      paramLabel = "SIDE",
      description = "All other conflicts: ${COMPLETION-CANDIDATES}.")
  private @Nullable Side preferred;

  @Option(names = "--allow-unrelated", description = "Merge histories that have nothing in common.")
  private boolean allowUnrelated;

  @Option(
      names = "--replace-local",
      description = "If they have nothing in common, drop the local one.")
  private boolean replaceLocal;

  UnrelatedPolicy unrelated() {
    if (allowUnrelated && replaceLocal) {
      throw new FailedException("--allow-unrelated and --replace-local exclude each other.");
    }
    if (replaceLocal) {
      return UnrelatedPolicy.REPLACE_LOCAL;
    }
    return allowUnrelated ? UnrelatedPolicy.ALLOW : UnrelatedPolicy.REFUSE;
  }

  /** Stores the files to take, and decides by these options. */
  ConflictResolver resolver(Gitblobs root, Repository repository) {
    Map<String, TreeEntry> entries = new TreeMap<>();
    if (!taken.isEmpty()) {
      try (StoreWriter writer = repository.store().writer()) {
        taken.forEach((name, file) -> entries.put(name, store(root, file, writer)));
        writer.commit();
      }
    }
    return conflict -> decide(conflict, entries);
  }

  private ConflictResolver.Resolution decide(Conflict conflict, Map<String, TreeEntry> entries) {
    if (entries.containsKey(conflict.path())) {
      return new ConflictResolver.Take(entries.get(conflict.path()));
    }
    if (ours.contains(conflict.path())) {
      return ConflictResolver.OURS.resolve(conflict);
    }
    if (theirs.contains(conflict.path())) {
      return ConflictResolver.THEIRS.resolve(conflict);
    }
    if (preferred == null) {
      return new ConflictResolver.Undecided();
    }
    return (preferred == Side.ours ? ConflictResolver.OURS : ConflictResolver.THEIRS)
        .resolve(conflict);
  }

  private static TreeEntry store(Gitblobs root, Path given, StoreWriter writer) {
    Path file = root.terminal().directory().resolve(given);
    try {
      Blob blob = Blob.of(Files.readAllBytes(file));
      writer.put(blob);
      return TreeEntry.of(blob.hash());
    } catch (IOException e) {
      throw new FailedException("Tried to read " + file + " but failed: " + e, e);
    }
  }
}
