package dev.gitblobs.client.folder;

import dev.gitblobs.client.Repository;
import java.io.IOException;
import java.nio.file.AccessDeniedException;

/** Steps that fail from the n-th on: the process is killed there, or the disk is full. */
final class FaultySteps implements WriteSteps {
  /** As a kill does it: nothing that comes after is done. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final int stepsAtMost;
  private final boolean isKill;
  private final boolean sparesIndex;
  private int steps;

  private FaultySteps(int stepsAtMost, boolean isKill, boolean sparesIndex) {
    this.stepsAtMost = stepsAtMost;
    this.isKill = isKill;
    this.sparesIndex = sparesIndex;
  }

  static FaultySteps killedAt(int step) {
    return new FaultySteps(step, true, false);
  }

  static FaultySteps fullAt(int step) {
    return new FaultySteps(step, false, false);
  }

  /** Nothing of the folder can be written; its state, which is elsewhere, can. */
  static FaultySteps refusingWrites() {
    return new FaultySteps(0, false, true);
  }

  WorkingFolder folder(Desk desk) {
    return folder(desk.repository);
  }

  WorkingFolder folder(Repository repository) {
    return new WorkingFolder(
        repository, Attachment.load(repository.store().ownFolder()).orElseThrow(), this);
  }

  synchronized boolean isOver() {
    return steps > stepsAtMost;
  }

  private static boolean isOfIndex() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> !frame.getClassName().equals(FaultySteps.class.getName()))
                    .findFirst()
                    .map(frame -> frame.getMethodName().equals("save"))
                    .orElse(false));
  }

  @Override
  public synchronized void before() throws IOException {
    if (sparesIndex) {
      if (!isOfIndex()) {
        throw new AccessDeniedException("a folder");
      }
      return;
    }
    if (steps++ >= stepsAtMost) {
      if (isKill) {
        throw new Killed();
      }
      throw new IOException("No space left on device");
    }
  }
}
