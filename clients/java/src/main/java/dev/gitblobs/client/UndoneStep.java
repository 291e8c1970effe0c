package dev.gitblobs.client;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.client.store.HeadStep;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the step that an undo takes back: the last that is not taken back already. */
final class UndoneStep {
  private UndoneStep() {}

  /** Empty where there is none. */
  static Optional<HeadStep> find(FileStore store) {
    Optional<Hash> head = store.head();
    if (head.isEmpty()) {
      return Optional.empty();
    }
    Deque<HeadStep> steps = new ArrayDeque<>();
    Hash at = null;
    for (HeadStep step : store.headLog().steps(head)) {
      noteUnlogged(at, step.before(), steps);
      at = step.after();
      if (!step.kind().equals(HeadStep.UNDO)) {
        steps.push(step);
      } else if (!steps.isEmpty()) {
        steps.pop();
      }
    }
    if (at == null) {
      return Optional.of(ofCommit(store.commit(head.get())));
    }
    noteUnlogged(at, head.get(), steps);
    return Optional.ofNullable(steps.peek());
  }

  /** An original client keeps no log: what it did between two steps of ours is one of its own. */
  private static void noteUnlogged(@Nullable Hash from, @Nullable Hash to, Deque<HeadStep> steps) {
    if (from != null && to != null && !from.equals(to)) {
      steps.push(new HeadStep(from, to, "commit"));
    }
  }

  private static HeadStep ofCommit(Commit commit) {
    Hash parent = commit.parents().stream().findFirst().orElse(null);
    return new HeadStep(parent, commit.hash(), "commit");
  }
}
