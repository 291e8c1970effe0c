package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.folder.FolderCommit;
import dev.gitblobs.client.folder.FolderFollower;
import dev.gitblobs.client.folder.FolderWatch;
import dev.gitblobs.client.folder.WorkingFolder;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps the store's folder and the store equal beside something else, for as long as it is open.
 */
final class FolderWatching implements AutoCloseable {
  private final AtomicBoolean isEnded = new AtomicBoolean();
  private final FolderWatch watch;
  private final Thread thread;

  private FolderWatching(Gitblobs root, Repository repository, WorkingFolder folder) {
    this.watch = new FolderWatch(folder.path());
    FolderFollower follower =
        new FolderFollower(
            repository,
            folder,
            watch,
            commit -> tell(root, commit),
            trouble -> root.output().note(trouble.getMessage() + " Trying again."));
    this.thread = new Thread(() -> follower.run(isEnded::get), "folder");
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(
        (ended, failure) -> root.output().failure("The folder is no longer followed: " + failure));
  }

  static FolderWatching start(Gitblobs root, Repository repository, WorkingFolder folder) {
    FolderWatching watching = new FolderWatching(root, repository, folder);
    watching.thread.start();
    return watching;
  }

  private static void tell(Gitblobs root, FolderCommit commit) {
    LeftOut.note(root, FolderReport.leftOut(commit));
    root.output().result(FolderReport.json(commit), () -> FolderReport.print(root, commit));
    root.terminal().out().flush();
  }

  @Override
  public void close() {
    isEnded.set(true);
    watch.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
