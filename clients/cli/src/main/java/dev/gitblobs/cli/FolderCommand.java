package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.folder.Brought;
import dev.gitblobs.client.folder.FolderStatus;
import dev.gitblobs.client.folder.WorkingFolder;
import dev.gitblobs.client.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ties a folder of files to the store. */
@Command(
    name = "folder",
    mixinStandardHelpOptions = true,
    description =
        "Ties a folder of files to the store, and writes the store's files into it; without DIR says "
            + "which one it is. From then on `status`, `commit`, `diff`, `restore` and `sync` work with it. "
            + "A file with a change that is not committed is never overwritten. What .gitignore or "
            + ".gitblobsignore names is left out, and so are .git, node_modules and the store itself.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes folder ~/notes",
      "  gitblobs --store notes commit -m \"what I did today\"",
      "  gitblobs --store notes sync --watch",
      "  gitblobs --store notes folder --detach"
    })
final class FolderCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(arity = "0..1", paramLabel = "DIR", description = "The folder; made if not there.")
  private @Nullable Path directory;

  @Option(names = "--detach", description = "End it; no file of the folder or the store changes.")
  private boolean isDetaching;

  FolderCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    if (directory != null && isDetaching) {
      throw new UsageException("Say a folder, or --detach.");
    }
    if (isDetaching) {
      WorkingFolder.detach(repository);
      return root.done(
          Json.object("folder", Json.Nil.NULL),
          () -> root.output().line("No folder belongs to the store any more."));
    }
    return directory == null
        ? show(repository)
        : attach(repository, root.terminal().directory().resolve(directory).normalize());
  }

  private int show(Repository repository) {
    String path = WorkingFolder.of(repository).map(f -> f.path().toString()).orElse(null);
    return root.done(
        Json.object("folder", path == null ? Json.Nil.NULL : Json.of(path)),
        () ->
            root.output()
                .line(
                    path == null
                        ? "No folder belongs to the store."
                        : "Folder: " + SafeText.line(path)));
  }

  private int attach(Repository repository, Path place) {
    WorkingFolder.attach(repository, place);
    try (Progress progress = root.output().progress("Files")) {
      WorkingFolder folder = root.requireFolder(repository).reporting(progress);
      Brought brought = folder.bring();
      FolderStatus status = folder.status();
      progress.close();
      List<LeftOut> leftOut = FolderReport.leftOut(brought.skipped(), status.skipped());
      LeftOut.note(root, leftOut);
      return FolderReport.end(
          root,
          Json.object(
              "folder", Json.of(folder.path().toString()),
              "brought", FolderReport.json(brought),
              "changes", FolderReport.changes(status.changes()),
              "left_out", LeftOut.json(leftOut)),
          leftOut.isEmpty(),
          () -> {
            root.output().line("Folder: " + SafeText.line(folder.path().toString()));
            FolderReport.print(root, brought);
            if (!status.changes().isEmpty()) {
              root.output()
                  .line(
                      "%,d files are other than the store's: see `gitblobs status`."
                          .formatted(status.changes().size()));
            }
          });
    }
  }
}
