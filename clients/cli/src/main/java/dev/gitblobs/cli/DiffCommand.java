package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.folder.FolderChange;
import dev.gitblobs.client.folder.FolderStatus;
import dev.gitblobs.client.folder.WorkingFolder;
import dev.gitblobs.client.history.TextDiff;
import dev.gitblobs.client.history.TreeChange;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how two commits differ, or makes a diff pack. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Shows how the files of two commits differ, line by line where they are text. Without FROM,",
      "where the store has a folder: what in it is not committed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes diff",
      "  gitblobs --store notes diff HEAD~5 HEAD --summary",
      "  gitblobs --store notes diff 3f2a9c HEAD --pack update.bin"
    })
final class DiffCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FROM",
      description = "TO's first parent if left out.")
  private @Nullable String from;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TO",
      defaultValue = "HEAD",
      description = "HEAD if left out.")
  private String to = "HEAD";

  @Option(names = "--summary", description = "Name the files only.")
  private boolean isSummary;

  @Option(
      names = "--pack",
      paramLabel = "FILE",
      description =
          "Write a pack that brings a store whose HEAD is FROM to TO; any client applies it.")
  private @Nullable Path pack;

  @Option(names = "--full", description = "With --pack: also the files that FROM has already.")
  private boolean isFull;

  DiffCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    if (from == null && pack == null && WorkingFolder.isAttached(repository.store())) {
      return folder(repository, root.requireFolder(repository));
    }
    Commit after = repository.resolve(to);
    Optional<Commit> before =
        from != null
            ? Optional.of(repository.resolve(from))
            : after.parents().stream().findFirst().map(repository.store()::commit);
    if (pack != null) {
      Commit base =
          before.orElseThrow(
              () -> new FailedException("A diff pack needs FROM: " + to + " has no parent."));
      byte[] bytes = repository.diffPack(base.hash(), after.hash(), !isFull);
      return PackFile.write(root, pack, bytes);
    }
    Tree left = before.map(c -> repository.store().tree(c.tree())).orElse(Tree.EMPTY);
    List<TreeChange> changes = TreeChange.between(left, repository.store().tree(after.tree()));
    return root.done(
        Json.object(
            "from", before.<Json>map(c -> Json.of(c.hash().hex())).orElse(Json.Nil.NULL),
            "to", Json.of(after.hash().hex()),
            "changes", JsonForms.changes(changes)),
        () ->
            changes.forEach(
                change ->
                    print(
                        change,
                        bytes(repository, change.before()),
                        bytes(repository, change.after()))));
  }

  /** A rename is shown as the two changes that it is. */
  private int folder(Repository repository, WorkingFolder folder) {
    FolderStatus status = folder.status();
    List<TreeChange> changes = new ArrayList<>();
    for (FolderChange change : status.changes()) {
      TreeEntry before = change.before() == null ? null : TreeEntry.of(change.before());
      TreeEntry after = change.after() == null ? null : TreeEntry.of(change.after());
      if (change.from() != null) {
        changes.add(new TreeChange(change.from(), before, null));
        before = null;
      }
      changes.add(new TreeChange(change.path(), before, after));
    }
    List<LeftOut> leftOut = FolderReport.leftOut(status.skipped());
    LeftOut.note(root, leftOut);
    return FolderReport.end(
        root,
        Json.object(
            "from",
                repository.store().head().<Json>map(h -> Json.of(h.hex())).orElse(Json.Nil.NULL),
            "to", Json.Nil.NULL,
            "changes", JsonForms.changes(changes),
            "left_out", LeftOut.json(leftOut)),
        leftOut.isEmpty(),
        () ->
            changes.forEach(
                change ->
                    print(
                        change,
                        bytes(repository, change.before()),
                        change.after() == null
                            ? new byte[0]
                            : folder.read(change.path()).orElse(new byte[0]))));
  }

  private void print(TreeChange change, byte[] before, byte[] after) {
    if (isSummary) {
      root.output().line(ShowCommand.summary(root, change));
      return;
    }
    Optional<List<String>> lines = TextDiff.unified(change.path(), before, after);
    if (lines.isEmpty()) {
      root.output().line(ShowCommand.summary(root, change) + " (binary)");
    } else if (lines.get().isEmpty()) {
      root.output().line(ShowCommand.summary(root, change) + " (no line differs)");
    } else {
      lines.get().forEach(line -> root.output().line(coloured(SafeText.lines(line))));
    }
  }

  private static byte[] bytes(Repository repository, @Nullable TreeEntry entry) {
    return entry == null ? new byte[0] : repository.store().blob(entry.blob()).toBytes();
  }

  private String coloured(String line) {
    if (line.startsWith("@@")) {
      return root.output().coloured(Output.Colour.PLACE, line);
    }
    if (line.startsWith("+")) {
      return root.output().coloured(Output.Colour.GOOD, line);
    }
    return line.startsWith("-") ? root.output().coloured(Output.Colour.BAD, line) : line;
  }
}
