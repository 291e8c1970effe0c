package dev.gitblobs.cli;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.folder.FolderCommit;
import dev.gitblobs.client.folder.WorkingFolder;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.object.Commit;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings an older version of a file back. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Brings a version of a file back, by a new commit; also of a deleted one.",
      "Without a revision it is the last version that is another than the present one. In the",
      "store's folder the file changes along; what was not committed of it is committed before."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes restore todo.txt",
      "  gitblobs --store notes restore todo.txt@HEAD~3",
      "  gitblobs --store notes restore todo.txt --at 2026-11-01"
    })
final class RestoreCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(paramLabel = "NAME[@REVISION]", description = "The file, and which version of it.")
  private String file = "";

  @Option(
      names = "--at",
      paramLabel = "DATE",
      description = "As it was at the end of that day, or at a time: HEAD@{DATE}.")
  private @Nullable String date;

  RestoreCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    FileAt at = FileAt.parse(repository, file);
    saveChange(repository, at.path());
    Commit from = date == null ? at.commit() : repository.resolve("HEAD@{" + date + "}");
    return CommitResult.report(
        root, repository.restore(at.path(), from == null ? null : from.hash()));
  }

  /** What is in the folder and nowhere else stays in the history. */
  private void saveChange(Repository repository, String path) {
    Optional<WorkingFolder> folder = WorkingFolder.of(repository);
    if (folder.isEmpty()) {
      return;
    }
    FolderCommit saved =
        folder.get().commit("save before restoring: " + path, path::equals, ConflictResolver.NONE);
    if (!saved.conflicts().isEmpty()) {
      throw new FailedException(
          SafeText.line(path)
              + " has a change that is not committed, and the store has got another one meanwhile."
              + " Decide with `gitblobs commit` first. Nothing was restored.");
    }
    if (saved.outcome() instanceof CommitOutcome.Committed committed) {
      root.output()
          .note(
              "What was not committed of it is in commit "
                  + committed.commit().hash().brief()
                  + " now.");
    }
  }
}
