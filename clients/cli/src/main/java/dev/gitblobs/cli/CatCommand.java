package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a file's content. */
@Command(
    name = "cat",
    mixinStandardHelpOptions = true,
    description = "Writes a file's bytes to standard output.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes cat todo.txt",
      "  gitblobs --store notes cat todo.txt HEAD~3"
    })
final class CatCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(index = "0", paramLabel = "NAME", description = "The file's name.")
  private String path = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "COMMIT",
      defaultValue = "HEAD",
      description = "HEAD if left out.")
  private String revision = "HEAD";

  CatCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    Tree tree = repository.store().tree(Revision.resolve(repository, revision).tree());
    TreeEntry entry =
        tree.entry(path)
            .orElseThrow(
                () -> new FailedException("There is no file " + path + " in " + revision + "."));
    byte[] bytes = repository.store().blob(entry.blob()).toBytes();
    return root.done(
        Json.object(
            "path", Json.of(path),
            "hash", Json.of(entry.blob().hex()),
            "size", Json.of((double) bytes.length),
            "content_base64", Json.of(Base64.getEncoder().encodeToString(bytes))),
        () -> root.terminal().out().write(bytes, 0, bytes.length));
  }
}
