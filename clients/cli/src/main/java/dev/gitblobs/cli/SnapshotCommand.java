package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.pack.Packer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists or saves the files of one commit. */
@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    description = "Lists the files of one commit, or saves them.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes snapshot",
      "  gitblobs --store notes snapshot HEAD~3 --files /tmp/then",
      "  gitblobs --store notes snapshot --pack compact.bin"
    })
final class SnapshotCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(
      arity = "0..1",
      paramLabel = "COMMIT",
      defaultValue = "HEAD",
      description = "HEAD if left out.")
  private String revision = "HEAD";

  @Option(
      names = "--pack",
      paramLabel = "FILE",
      description = "Write a compact backup: this commit without its history.")
  private @Nullable Path pack;

  @Option(
      names = "--files",
      paramLabel = "DIR",
      description = {
        "Write the files into this folder; what is there is never overwritten. Names that no file",
        "can have are told, and the others written; then the exit status is 1."
      })
  private @Nullable Path folder;

  SnapshotCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    Commit commit = repository.resolve(revision);
    Tree tree = repository.store().tree(commit.tree());
    if (pack != null) {
      byte[] bytes =
          new Packer(repository.store()).compact(commit.hash(), root.terminal().clock().instant());
      return PackFile.write(root, pack, bytes);
    }
    List<LeftOut> leftOut = folder == null ? List.of() : extract(repository, tree, folder);
    Json result =
        Json.object(
            "commit", Json.of(commit.hash().hex()),
            "tree", Json.of(tree.hash().hex()),
            "files", files(tree),
            "left_out", LeftOut.json(leftOut));
    Runnable text =
        () ->
            tree.entries()
                .forEach(
                    (path, entry) ->
                        root.output().line(entry.blob().brief() + "  " + SafeText.line(path)));
    LeftOut.note(root, leftOut);
    return leftOut.isEmpty() ? root.done(result, text) : root.failed(result, text);
  }

  private static Json files(Tree tree) {
    return Json.array(
        tree.entries().entrySet().stream()
            .map(
                entry ->
                    Json.object(
                        "path", Json.of(entry.getKey()),
                        "file", JsonForms.file(entry.getValue())))
            .toList());
  }

  private List<LeftOut> extract(Repository repository, Tree tree, Path target) {
    Path place = root.terminal().directory().resolve(target).normalize();
    try (Progress progress = root.output().progress("Writing files")) {
      return new Extraction(repository, place).run(tree, progress);
    }
  }
}
