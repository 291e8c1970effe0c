package dev.gitblobs.cli;

import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.object.Tree;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Commits the removal of files. */
@Command(
    name = "rm",
    mixinStandardHelpOptions = true,
    description = "Removes files, or all in a folder, in one commit; the history keeps them.",
    footerHeading = "%nExample:%n",
    footer = "  gitblobs --store notes rm old.txt drafts/")
final class RemoveCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Files or folders of the store.")
  private List<String> names = List.of();

  @Mixin private MessageOption message = new MessageOption();

  RemoveCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    Tree tree = repository.files();
    List<String> files =
        names.stream().flatMap(name -> StoredFiles.named(tree, name).stream()).distinct().toList();
    List<Edit> edits = files.stream().<Edit>map(Edit.Remove::new).toList();
    String text =
        files.size() == 1 ? "delete file: " + files.get(0) : "delete " + files.size() + " files";
    return CommitResult.report(root, repository.commit(message.or(text), edits));
  }
}
