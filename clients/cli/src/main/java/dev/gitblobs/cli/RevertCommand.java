package dev.gitblobs.cli;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.RevertOutcome;
import dev.gitblobs.client.json.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes back one commit. */
@Command(
    name = "revert",
    mixinStandardHelpOptions = true,
    description = {
      "Takes back what one commit changed against its first parent, by a new commit.",
      "Later changes stay; where they are of the same lines, nothing changes until you decide."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes revert HEAD~2",
      "  gitblobs --store notes revert 3f2a9c --theirs todo.txt"
    })
final class RevertCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(paramLabel = "COMMIT", description = "What to take back.")
  private String revision = "";

  @Mixin private ConflictChoices choices = new ConflictChoices();

  RevertCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    RevertOutcome outcome =
        repository.revert(repository.resolve(revision).hash(), choices.resolver(root, repository));
    if (outcome instanceof RevertOutcome.Reverted reverted) {
      return CommitResult.report(root, new CommitOutcome.Committed(reverted.commit()));
    }
    if (outcome instanceof RevertOutcome.Conflicted conflicted) {
      return root.failed(
          Json.object(
              "result", Json.of("conflict"),
              "conflicts", JsonForms.conflicts(conflicted.conflicts())),
          () ->
              ConflictReport.print(
                  root,
                  "Later commits changed the same (theirs is how it was before the commit);"
                      + " nothing was changed:",
                  conflicted.conflicts(),
                  ""));
    }
    return CommitResult.report(root, new CommitOutcome.Unchanged());
  }
}
