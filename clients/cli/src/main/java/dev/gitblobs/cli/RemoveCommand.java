package dev.gitblobs.cli;

import dev.gitblobs.client.Edit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Commits the removal of files. */
@Command(
    name = "rm",
    mixinStandardHelpOptions = true,
    description = "Removes files in one commit; the history keeps them.",
    footerHeading = "%nExample:%n",
    footer = "  gitblobs --store notes rm old.txt older.txt")
final class RemoveCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Files of the store.")
  private List<String> names = List.of();

  @Mixin private MessageOption message = new MessageOption();

  RemoveCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    List<Edit> edits = names.stream().<Edit>map(Edit.Remove::new).toList();
    String text =
        names.size() == 1 ? "delete file: " + names.get(0) : "delete " + names.size() + " files";
    return CommitResult.report(root, root.repository().commit(message.or(text), edits));
  }
}
