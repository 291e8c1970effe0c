package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.folder.FolderStatus;
import dev.gitblobs.client.folder.WorkingFolder;
import dev.gitblobs.client.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What `status` says of the store's folder.
 *
 * @param leftOut what cannot be stored
 */
record FolderLook(Path path, FolderStatus status, List<LeftOut> leftOut) {
  /** Looks through the folder; empty where the store has none. */
  static Optional<FolderLook> of(Gitblobs root, Repository repository) {
    try (Progress progress = root.output().progress("Files")) {
      return WorkingFolder.of(repository)
          .map(
              folder -> {
                FolderStatus status = folder.reporting(progress).status();
                return new FolderLook(
                    folder.path(), status, FolderReport.leftOut(status.skipped()));
              });
    }
  }

  boolean isWhole() {
    return leftOut.isEmpty();
  }

  void addTo(Output output) {
    output.add(
        "folder",
        Json.object(
            "path", Json.of(path.toString()),
            "changes", FolderReport.changes(status.changes()),
            "to_come", Json.texts(status.toCome()),
            "left_out", LeftOut.json(leftOut)));
  }

  void print(Gitblobs root) {
    int count = status.changes().size();
    String what = count == 0 ? "nothing to commit" : "%,d changes to commit".formatted(count);
    root.output().line("Folder: " + SafeText.line(path.toString()) + ", " + what);
    FolderReport.print(root, status.changes());
    if (!status.toCome().isEmpty()) {
      root.output()
          .line(
              "To come: %,d files, with the next commit or sync".formatted(status.toCome().size()));
    }
    LeftOut.note(root, leftOut);
  }
}
