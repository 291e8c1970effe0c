package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.StoreWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a user decides conflicts, file by file or all. */
final class ConflictChoices {
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

  @Option(
      names = "--keep-both",
      paramLabel = "NAME",
      description = "Keep both: the other side's gets a name of its own beside this one.")
  private List<String> both = List.of();

  @Option(names = "--take", paramLabel = "NAME=FILE", description = "Take this file's content.")
  private Map<String, Path> taken = Map.of();

  @Option(
      names = "--prefer",
      paramLabel = "SIDE",
      description = "All other conflicts: ${COMPLETION-CANDIDATES}.")
  private @Nullable Side preferred;

  /** Stores the files to take, and decides by these options. */
  ConflictResolver resolver(Gitblobs root, Repository repository) {
    Map<String, Blob> contents = new TreeMap<>();
    taken.forEach((name, file) -> contents.put(name, read(root, file)));
    if (!contents.isEmpty()) {
      try (StoreWriter writer = repository.store().writer()) {
        contents.values().forEach(writer::put);
        writer.commit();
      }
    }
    return new Decisions(contents);
  }

  private static Blob read(Gitblobs root, Path given) {
    Path file = root.terminal().directory().resolve(given);
    try {
      return Blob.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new FailedException("Tried to read " + file + " but failed: " + e, e);
    }
  }

  /** Decides, and refuses names that are not in conflict before anything changes. */
  private final class Decisions implements ConflictResolver {
    private final Map<String, Blob> contents;
    private final Set<String> met = new HashSet<>();

    Decisions(Map<String, Blob> contents) {
      this.contents = contents;
    }

    @Override
    public void begin(Set<String> paths) {
      met.addAll(paths);
      Set<String> unknown = new TreeSet<>(contents.keySet());
      unknown.addAll(ours);
      unknown.addAll(theirs);
      unknown.addAll(both);
      unknown.removeAll(met);
      if (!unknown.isEmpty()) {
        String known = met.isEmpty() ? "none" : String.join(", ", new TreeSet<>(met));
        throw new UsageException(
            "Not in conflict: %s. In conflict: %s. Nothing was merged."
                .formatted(String.join(", ", unknown), known));
      }
    }

    @Override
    public Resolution resolve(Conflict conflict) {
      String path = conflict.path();
      Blob content = contents.get(path);
      if (content != null) {
        return new Take(TreeEntry.of(content.hash()));
      }
      if (both.contains(path)) {
        return new KeepBoth();
      }
      if (ours.contains(path)) {
        return OURS.resolve(conflict);
      }
      if (theirs.contains(path)) {
        return THEIRS.resolve(conflict);
      }
      if (preferred == null) {
        return new Undecided();
      }
      return (preferred == Side.ours ? OURS : THEIRS).resolve(conflict);
    }
  }
}
