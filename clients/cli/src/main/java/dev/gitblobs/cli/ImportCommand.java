package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ImportOutcome;
import dev.gitblobs.client.history.PackImport;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.pack.PackReader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes in a pack. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Takes in a pack of any kind: full or compact backup, or diff.",
      "Every object is verified first. HEAD moves where that loses nothing; nothing is deleted."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes import backup.bin",
      "  gitblobs --store notes import other.bin --replace-local"
    })
final class ImportCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(paramLabel = "FILE", description = "The pack.")
  private Path file = Path.of("");

  @Option(
      names = "--replace-local",
      description = "Move HEAD to the pack's even if local commits are then out of reach.")
  private boolean replaceLocal;

  ImportCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    PackReader pack = PackReader.open(root.terminal().directory().resolve(file));
    Repository repository = root.createRepository();
    try (Progress progress = root.output().progress("Importing objects")) {
      return report(new PackImport(repository.store(), progress).run(pack, replaceLocal));
    }
  }

  private int report(ImportOutcome outcome) {
    if (outcome instanceof ImportOutcome.HeadMoved moved) {
      return root.done(
          json("head-moved", moved.head()),
          () -> root.output().line("HEAD is now " + moved.head()));
    }
    if (outcome instanceof ImportOutcome.UpToDate upToDate) {
      return root.done(
          json("up-to-date", upToDate.head()),
          () -> root.output().line("Up to date: HEAD has all of it."));
    }
    if (outcome instanceof ImportOutcome.Diverged diverged) {
      return root.failed(
          Json.object(
              "result", Json.of("diverged"),
              "head", Json.of(diverged.ours().hex()),
              "theirs", Json.of(diverged.theirs().hex())),
          () ->
              root.output()
                  .line(
                      "The pack is in the store, but both have commits of their own. Go on with"
                          + " `gitblobs merge "
                          + diverged.theirs()
                          + "`."));
    }
    throw new AssertionError(outcome);
  }

  private static Json json(String result, Hash head) {
    return Json.object("result", Json.of(result), "head", Json.of(head.hex()));
  }
}
