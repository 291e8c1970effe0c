package dev.gitblobs.cli;

import dev.gitblobs.client.folder.Brought;
import dev.gitblobs.client.folder.FolderCommit;
import dev.gitblobs.client.folder.WorkingFolder;
import dev.gitblobs.client.history.ConflictResolver;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ExitCode;

/** What happens in the store's folder before and after an exchange with the relay. */
final class FolderExchange {
  private final Gitblobs root;
  private final Optional<WorkingFolder> folder;
  private boolean isWhole = true;

  /** Does nothing where there is no folder. */
  FolderExchange(Gitblobs root, Optional<WorkingFolder> folder) {
    this.root = root;
    this.folder = folder;
  }

  /** What changed goes along. */
  void commit() {
    folder.ifPresent(
        files -> {
          FolderCommit commit = files.commit(null, path -> true, ConflictResolver.NONE);
          isWhole &= commit.isWhole();
          LeftOut.note(root, FolderReport.leftOut(commit));
          root.output().add("folder", FolderReport.json(commit));
          if (!root.output().isJson()) {
            FolderReport.print(root, commit);
          }
        });
  }

  /** What arrived is written. */
  void bring() {
    folder.ifPresent(
        files -> {
          Brought brought = files.bring();
          root.noteBrought();
          List<LeftOut> leftOut = FolderReport.leftOut(brought.skipped());
          isWhole &= leftOut.isEmpty();
          LeftOut.note(root, leftOut);
          root.output().add("folder_brought", FolderReport.json(brought));
          root.output().add("folder_left_out", LeftOut.json(leftOut));
          if (!root.output().isJson()) {
            FolderReport.print(root, brought);
          }
        });
  }

  int exit() {
    return isWhole ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
