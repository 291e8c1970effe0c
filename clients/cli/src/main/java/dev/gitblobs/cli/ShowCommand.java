package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.TreeChange;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Tree;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows a commit. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows a commit and which files it changed against its first parent.",
    footerHeading = "%nExample:%n",
    footer = "  gitblobs --store notes show HEAD~1")
final class ShowCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(
      arity = "0..1",
      paramLabel = "COMMIT",
      defaultValue = "HEAD",
      description = "HEAD, HEAD~N, a ref, or a hash or its beginning; HEAD if left out.")
  private String revision = "HEAD";

  ShowCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    Commit commit = repository.resolve(revision);
    Tree before =
        commit.parents().stream()
            .findFirst()
            .map(parent -> repository.store().tree(repository.store().commit(parent).tree()))
            .orElse(Tree.EMPTY);
    List<TreeChange> changes = TreeChange.between(before, repository.store().tree(commit.tree()));
    return root.done(
        Json.object("commit", JsonForms.commit(commit), "changes", JsonForms.changes(changes)),
        () -> {
          LogCommand.describe(root, commit).forEach(root.output()::line);
          changes.forEach(change -> root.output().line(summary(root, change)));
        });
  }

  /** One line: what happened to which file. */
  static String summary(Gitblobs root, TreeChange change) {
    String path = SafeText.line(change.path());
    return switch (change.kind()) {
      case ADDED -> root.output().coloured(Output.Colour.GOOD, "A  " + path);
      case REMOVED -> root.output().coloured(Output.Colour.BAD, "D  " + path);
      case MODIFIED -> "M  " + path;
    };
  }
}
