package dev.gitblobs.cli;

import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.sync.SyncState;
import dev.gitblobs.client.sync.Syncer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commits files. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = {
      "Commits files: new ones are added, known ones replaced. One commit for all.",
      "A file is named as you name it; a folder gives all files in it. Links and pipes in a folder",
      "are told and left out; then the exit status is 1."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes add todo.txt pictures/",
      "  gitblobs --store notes add /tmp/draft --as letters/draft.txt -m \"a draft\"",
      "  date | gitblobs --store notes add - --as now.txt"
    })
final class AddCommand implements Callable<Integer> {
  private static final Path INPUT = Path.of("-");

  private final Gitblobs root;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files, folders, or - for input.")
  private List<Path> files = List.of();

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "The name of the one file in the store.")
  private @Nullable String name;

  @Mixin private MessageOption message = new MessageOption();

  AddCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    if (name != null && files.size() != 1) {
      throw new FailedException("--as NAME goes with exactly one file.");
    }
    if (files.contains(INPUT)) {
      return addInput(repository);
    }
    NamedFiles named = new NamedFiles(root.terminal().directory(), repository.store());
    files.forEach(file -> named.add(file, name));
    String text = message.or(defaultMessage(repository, named.files().keySet()));
    warnOfLarge(repository, named.files());
    try (Progress progress = root.output().progress("Adding files")) {
      CommitOutcome outcome = repository.commit(text, edits(named.files(), progress));
      return CommitResult.report(root, outcome, named.leftOut());
    }
  }

  /** Input is read to its end before the store is locked: it may keep others waiting for hours. */
  private int addInput(Repository repository) {
    if (name == null) {
      throw new FailedException("Reading from standard input needs --as NAME.");
    }
    String text = message.or(defaultMessage(repository, Set.of(name)));
    byte[] content;
    try {
      content = root.terminal().in().readAllBytes();
    } catch (IOException e) {
      throw new FailedException("Tried to read standard input but failed: " + e, e);
    }
    warnIfLarge(repository, name, content.length);
    return CommitResult.report(root, repository.commit(text, List.of(Edit.put(name, content))));
  }

  private static List<Edit> edits(Map<String, Path> files, Progress progress) {
    AtomicLong done = new AtomicLong();
    List<Edit> edits = new ArrayList<>();
    files.forEach(
        (path, file) ->
            edits.add(
                Edit.put(
                    path,
                    () -> {
                      progress.accept(done.incrementAndGet(), files.size());
                      return read(file);
                    })));
    return edits;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new FailedException("Tried to read " + file + " but failed: " + e, e);
    }
  }

  private void warnOfLarge(Repository repository, Map<String, Path> named) {
    named.forEach(
        (path, file) -> {
          try {
            warnIfLarge(repository, path, Files.exists(file) ? Files.size(file) : 0);
          } catch (IOException e) {
            throw new FailedException("Tried to look at " + file + " but failed: " + e, e);
          }
        });
  }

  private void warnIfLarge(Repository repository, String path, long bytes) {
    if (bytes > Syncer.LARGEST_FILE_BYTES
        && SyncState.load(repository.store().ownFolder()).isPresent()) {
      root.output()
          .note(
              "%s is larger than the 32 MiB that the relay takes: it stays in this copy, and `push`"
                      .formatted(path)
                  + " will ask to leave it out. To take it back: `gitblobs undo`.");
    }
  }

  private static String defaultMessage(Repository repository, Set<String> names) {
    if (names.size() != 1) {
      return "add " + names.size() + " files";
    }
    String path = names.iterator().next();
    boolean isKnown = repository.files().entry(path).isPresent();
    return (isKnown ? "update file: " : "add file: ") + path;
  }
}
