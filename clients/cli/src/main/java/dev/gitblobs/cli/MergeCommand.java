package dev.gitblobs.cli;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.Ancestry;
import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.MergeOutcome;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Merges a commit into HEAD. */
@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    description = {
      "Merges a commit of this store into HEAD.",
      "Texts are merged line by line. Files of which both sides changed the same lines are conflicts:",
      "nothing is changed until you say for each which side, or which file, to take."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes merge 3f2a9c",
      "  gitblobs --store notes merge 3f2a9c --ours todo.txt --theirs plan.txt",
      "  gitblobs --store notes merge 3f2a9c --take todo.txt=/tmp/both.txt",
      "  gitblobs --store notes merge --keep-both todo.txt"
    })
final class MergeCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(
      arity = "0..1",
      paramLabel = "COMMIT",
      description = "What to merge; left out, decides what earlier merges left open.")
  private @Nullable String revision;

  @Option(
      names = "--leave-open",
      description = "Merge the other files now; those in conflict are theirs until you decide.")
  private boolean isLeavingOpen;

  @Mixin private ConflictChoices choices = new ConflictChoices();

  @Mixin private UnrelatedChoice unrelated = new UnrelatedChoice();

  MergeCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    ConflictResolver resolver = choices.resolver(root, repository);
    Hash theirs = revision == null ? null : repository.resolve(revision).hash();
    if (theirs == null || isOpenOnly(repository, theirs)) {
      return decide(repository, resolver);
    }
    return report(
        root,
        isLeavingOpen
            ? repository.mergeLeavingOpen(theirs, resolver, unrelated.policy(), null)
            : repository.merge(theirs, resolver, unrelated.policy()));
  }

  /** Whether nothing of the commit is left to merge but what was left open. */
  private static boolean isOpenOnly(Repository repository, Hash theirs) {
    Optional<Hash> head = repository.store().head();
    return head.isPresent()
        && !repository.conflicts().isEmpty()
        && Ancestry.isAncestor(repository.store(), theirs, head.get());
  }

  private int decide(Repository repository, ConflictResolver resolver) {
    if (repository.conflicts().isEmpty()) {
      throw new UsageException("No conflict is open. Say which COMMIT to merge.");
    }
    CommitOutcome outcome = repository.decide(resolver);
    List<Conflict> open = repository.conflicts();
    Hash head = repository.store().head().orElseThrow();
    if (open.isEmpty()) {
      return root.done(
          json(outcome instanceof CommitOutcome.Committed ? "merged" : "up-to-date", head),
          () -> root.output().line("All is decided; HEAD is " + head));
    }
    return open(root, head, head, open);
  }

  /** Says what is left to decide after everything else was merged; a failure. */
  static int open(Gitblobs root, Hash head, Hash theirs, List<Conflict> conflicts) {
    return root.failed(
        conflictJson(head, theirs, conflicts),
        () ->
            ConflictReport.print(
                root,
                "Both sides changed these files; all others are merged, these are theirs until you"
                    + " decide:",
                conflicts,
                "gitblobs merge"));
  }

  /** Says what came of a merge; conflicts and unrelated histories are failures. */
  static int report(Gitblobs root, MergeOutcome outcome) {
    if (outcome instanceof MergeOutcome.UpToDate upToDate) {
      return root.done(
          json("up-to-date", upToDate.head()), () -> root.output().line("Up to date."));
    }
    if (outcome instanceof MergeOutcome.FastForwarded moved) {
      return root.done(
          json("fast-forward", moved.to()), () -> root.output().line("HEAD is now " + moved.to()));
    }
    if (outcome instanceof MergeOutcome.Merged merged && !merged.open().isEmpty()) {
      Commit commit = merged.commit();
      return open(root, commit.hash(), commit.parents().get(1), merged.open());
    }
    if (outcome instanceof MergeOutcome.Merged merged) {
      Hash head = merged.commit().hash();
      return root.done(json("merged", head), () -> root.output().line("Merged as " + head));
    }
    if (outcome instanceof MergeOutcome.Unrelated unrelated) {
      return root.failed(
          json("unrelated", unrelated.ours()),
          () ->
              root.output()
                  .line(
                      "The two histories have no commit in common. Merge them all the same with"
                          + " --allow-unrelated, or drop the local one with --replace-local."));
    }
    if (outcome instanceof MergeOutcome.Conflicted conflicted) {
      return conflicts(root, conflicted);
    }
    throw new AssertionError(outcome);
  }

  private static int conflicts(Gitblobs root, MergeOutcome.Conflicted outcome) {
    return root.failed(
        conflictJson(outcome.ours(), outcome.theirs(), outcome.conflicts()),
        () ->
            ConflictReport.print(
                root,
                "Both sides changed these files; nothing was merged:",
                outcome.conflicts(),
                ""));
  }

  static Json conflictJson(Hash head, Hash theirs, List<Conflict> conflicts) {
    return Json.object(
        "result", Json.of("conflict"),
        "head", Json.of(head.hex()),
        "theirs", Json.of(theirs.hex()),
        "conflicts", JsonForms.conflicts(conflicts));
  }

  private static Json json(String result, Hash head) {
    return Json.object("result", Json.of(result), "head", Json.of(head.hex()));
  }
}
