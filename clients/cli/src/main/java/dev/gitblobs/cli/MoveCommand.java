package dev.gitblobs.cli;

import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Commits a new name for a file. */
@Command(
    name = "mv",
    mixinStandardHelpOptions = true,
    description = "Gives a file, or all files of a folder, another name; never replaces a file.",
    footerHeading = "%nExample:%n",
    footer = "  gitblobs --store notes mv draft.txt letters/final.txt")
final class MoveCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(index = "0", paramLabel = "FROM", description = "The name of the file or folder.")
  private String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "Its new name.")
  private String to = "";

  @Mixin private MessageOption message = new MessageOption();

  MoveCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    List<String> files = StoredFiles.named(repository.files(), from);
    boolean isFolder = !files.equals(List.of(from));
    List<Edit> edits = new ArrayList<>();
    for (String file : files) {
      String rest = isFolder ? file.substring(StoredFiles.asFolder(from).length()) : "";
      edits.add(new Edit.Move(file, isFolder ? StoredFiles.asFolder(to) + rest : to));
    }
    String what = isFolder ? "rename folder: " : "rename file: ";
    String text = message.or(what + from + " to " + to);
    return CommitResult.report(root, repository.commit(text, edits));
  }
}
