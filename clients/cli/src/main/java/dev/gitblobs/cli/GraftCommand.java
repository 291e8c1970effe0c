package dev.gitblobs.cli;

import dev.gitblobs.client.history.Graft;
import dev.gitblobs.client.json.Json;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Gives a shallow history a true root. */
@Command(
    name = "graft",
    mixinStandardHelpOptions = true,
    description = {
      "Gives a history that came from a compact backup a true first commit.",
      "Such a history cannot be pushed, because its first commit does not have its own hash.",
      "Files, authors, dates and messages stay as they are; the hashes of commits change."
    })
final class GraftCommand implements Callable<Integer> {
  private final Gitblobs root;

  GraftCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Optional<Graft> graft = Graft.run(root.repository().store());
    if (graft.isEmpty()) {
      return root.done(
          Json.object("changed", Json.of(false)),
          () -> root.output().line("Nothing to graft: every commit has its own hash."));
    }
    return root.done(
        Json.object(
            "changed", Json.of(true),
            "head", Json.of(graft.get().newHead().hex()),
            "rewritten", Json.of((double) graft.get().rewritten().size())),
        () ->
            root.output()
                .line(
                    "Wrote %,d commits again; HEAD is now %s"
                        .formatted(graft.get().rewritten().size(), graft.get().newHead())));
  }
}
