package dev.gitblobs.cli;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.folder.FolderChange;
import dev.gitblobs.client.folder.FolderCommit;
import dev.gitblobs.client.folder.FolderStatus;
import dev.gitblobs.client.folder.WorkingFolder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Commits what changed in the store's folder. */
@Command(
    name = "commit",
    mixinStandardHelpOptions = true,
    description =
        "Commits what changed in the store's folder: new, changed and deleted files, or those named. "
            + "What the store has got meanwhile is merged by lines and written into the folder. Where both "
            + "changed the same lines, the file waits until you decide, and the exit status is 1.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes commit -m \"what I did today\"",
      "  gitblobs --store notes commit todo.txt letters/",
      "  gitblobs --store notes commit --ours todo.txt"
    })
final class CommitCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Files or folders; all if none.")
  private List<String> names = List.of();

  @Mixin private MessageOption message = new MessageOption();

  @Mixin private ConflictChoices choices = new ConflictChoices();

  CommitCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    String text = message.orNull();
    try (Progress progress = root.output().progress("Files")) {
      WorkingFolder folder = root.requireFolder(repository).reporting(progress);
      requireChanged(folder);
      FolderCommit commit = folder.commit(text, this::isNamed, choices.resolver(root, repository));
      progress.close();
      root.noteBrought();
      LeftOut.note(root, FolderReport.leftOut(commit));
      return FolderReport.end(
          root,
          FolderReport.json(commit),
          commit.isWhole(),
          () -> {
            FolderReport.print(root, commit);
            if (commit.outcome() instanceof CommitOutcome.Unchanged
                && commit.conflicts().isEmpty()) {
              root.output().line("Nothing to commit: the store has it all already.");
            }
          });
    }
  }

  private boolean isNamed(String path) {
    return names.isEmpty() || names.stream().anyMatch(name -> covers(name, path));
  }

  private static boolean covers(String name, String path) {
    return path.equals(name) || path.startsWith(StoredFiles.asFolder(name));
  }

  /** A name that stands for no change is a mistake. */
  private void requireChanged(WorkingFolder folder) {
    if (names.isEmpty()) {
      return;
    }
    FolderStatus status = folder.status();
    for (String name : names) {
      if (status.changes().stream().noneMatch(change -> isOf(name, change))) {
        throw new FailedException(
            "Nothing that " + SafeText.line(name) + " names has changed. Nothing was committed.");
      }
    }
  }

  private static boolean isOf(String name, FolderChange change) {
    String from = change.from();
    return covers(name, change.path()) || (from != null && covers(name, from));
  }
}
