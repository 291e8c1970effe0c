package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.pack.Packer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
      description = "Write the files into this new folder.")
  private @Nullable Path folder;

  SnapshotCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    Commit commit = Revision.resolve(repository, revision);
    Tree tree = repository.store().tree(commit.tree());
    if (pack != null) {
      byte[] bytes =
          new Packer(repository.store()).compact(commit.hash(), root.terminal().clock().instant());
      return PackFile.write(root, pack, bytes);
    }
    if (folder != null) {
      extract(repository, tree, root.terminal().directory().resolve(folder).normalize());
    }
    Json files =
        Json.array(
            tree.entries().entrySet().stream()
                .map(
                    entry ->
                        Json.object(
                            "path",
                            Json.of(entry.getKey()),
                            "file",
                            JsonForms.file(entry.getValue())))
                .toList());
    return root.done(
        Json.object(
            "commit",
            Json.of(commit.hash().hex()),
            "tree",
            Json.of(tree.hash().hex()),
            "files",
            files),
        () ->
            tree.entries()
                .forEach(
                    (path, entry) ->
                        root.output().line(entry.blob().brief() + "  " + Output.printable(path))));
  }

  private void extract(Repository repository, Tree tree, Path target) {
    try {
      Files.createDirectories(target);
      try (Stream<Path> there = Files.list(target)) {
        if (there.findAny().isPresent()) {
          throw new FailedException(
              target + " is not empty; files are only put into a new folder.");
        }
      }
      try (Progress progress = root.output().progress("Writing files")) {
        long done = 0;
        for (var entry : tree.entries().entrySet()) {
          Path file = inside(target, entry.getKey());
          Files.createDirectories(file.resolveSibling("."));
          Files.write(file, repository.store().blob(entry.getValue().blob()).toBytes());
          progress.accept(++done, tree.entries().size());
        }
      }
    } catch (IOException e) {
      throw new FailedException("Tried to write files into " + target + " but failed: " + e, e);
    }
  }

  /** The file's place in the folder; names that lead out of it are refused. */
  private static Path inside(Path folder, String name) {
    try {
      Path file = folder.resolve(name).normalize();
      if (file.startsWith(folder) && !file.equals(folder)) {
        return file;
      }
    } catch (InvalidPathException e) {
      throw new FailedException("No file here can be named " + Output.printable(name) + ".", e);
    }
    throw new FailedException(
        "The file " + Output.printable(name) + " would be written outside the folder; stopped.");
  }
}
