package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.MergeOutcome;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Hash;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Merges a commit into HEAD. */
@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    description = {
      "Merges a commit of this store into HEAD.",
      "Files that both sides changed differently are conflicts: nothing is changed until you say",
      "for each which side, or which file, to take."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes merge 3f2a9c",
      "  gitblobs --store notes merge 3f2a9c --ours todo.txt --theirs plan.txt",
      "  gitblobs --store notes merge 3f2a9c --take todo.txt=/tmp/both.txt"
    })
final class MergeCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(paramLabel = "COMMIT", description = "What to merge.")
  private String revision = "";

  @ArgGroup(exclusive = false)
  private MergeChoices choices = new MergeChoices();

  MergeCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    Hash theirs = Revision.resolve(repository, revision).hash();
    ConflictResolver resolver = choices.resolver(root, repository);
    return report(root, repository.merge(theirs, resolver, choices.unrelated()));
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
    Json json =
        Json.object(
            "result", Json.of("conflict"),
            "head", Json.of(outcome.ours().hex()),
            "theirs", Json.of(outcome.theirs().hex()),
            "conflicts", JsonForms.conflicts(outcome.conflicts()));
    return root.failed(
        json,
        () -> {
          root.output().line("Both sides changed these files; nothing was merged:");
          for (Conflict conflict : outcome.conflicts()) {
            root.output().line("  " + explain(conflict.kind()) + SafeText.line(conflict.path()));
          }
          root.output()
              .line(
                  "Say for each --ours NAME, --theirs NAME or --take NAME=FILE,"
                      + " or for all --prefer ours|theirs.");
        });
  }

  private static String explain(Conflict.Kind kind) {
    Map<Conflict.Kind, String> words =
        Map.of(
            Conflict.Kind.BOTH_ADDED, "both added        ",
            Conflict.Kind.BOTH_EDITED, "both edited       ",
            Conflict.Kind.DELETED_BY_US, "we deleted        ",
            Conflict.Kind.DELETED_BY_THEM, "they deleted      ");
    return words.getOrDefault(kind, "");
  }

  private static Json json(String result, Hash head) {
    return Json.object("result", Json.of(result), "head", Json.of(head.hex()));
  }

  /** A file of the user's to take in place of both sides. */
  static Path file(Gitblobs root, Path given) {
    return root.terminal().directory().resolve(given);
  }
}
