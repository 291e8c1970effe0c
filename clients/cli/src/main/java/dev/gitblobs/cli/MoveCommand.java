package dev.gitblobs.cli;

import dev.gitblobs.client.Edit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Commits a new name for a file. */
@Command(
    name = "mv",
    mixinStandardHelpOptions = true,
    description = "Gives a file another name; never replaces a file.",
    footerHeading = "%nExample:%n",
    footer = "  gitblobs --store notes mv draft.txt letters/final.txt")
final class MoveCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(index = "0", paramLabel = "FROM", description = "The file's name.")
  private String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "Its new name.")
  private String to = "";

  @Mixin private MessageOption message = new MessageOption();

  MoveCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    String text = message.or("rename file: " + from + " to " + to);
    return CommitResult.report(
        root, root.repository().commit(text, List.of(new Edit.Move(from, to))));
  }
}
