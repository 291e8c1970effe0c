package dev.gitblobs.cli;

import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commits files. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = {
      "Commits files: new ones are added, known ones replaced. One commit for all.",
      "A file is named as you name it; a folder gives all files in it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes add todo.txt pictures/",
      "  gitblobs --store notes add /tmp/draft --as letters/draft.txt -m \"a draft\"",
      "  date | gitblobs --store notes add - --as now.txt"
    })
final class AddCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files, folders, or - for input.")
  private List<Path> files = List.of();

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "The name of the one file in the store.")
  private @Nullable String name;

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "What the commit says.")
  private @Nullable String message;

  AddCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    Map<String, Path> named = new LinkedHashMap<>();
    for (Path file : files) {
      collect(file, named);
    }
    if (name != null && (files.size() != 1 || named.size() != 1)) {
      throw new FailedException("--as NAME goes with exactly one file.");
    }
    List<Edit> edits = new ArrayList<>();
    named.forEach((path, file) -> edits.add(Edit.put(path, () -> read(file))));
    String text = message != null ? message : defaultMessage(repository, named);
    try (Progress progress = root.output().progress("Adding files")) {
      List<Edit> counted = new ArrayList<>();
      for (Edit edit : edits) {
        Edit.Put put = (Edit.Put) edit;
        counted.add(
            Edit.put(
                put.path(),
                () -> {
                  progress.accept(counted.size(), edits.size());
                  return put.content().get();
                }));
      }
      return CommitResult.report(root, repository.commit(text, counted));
    }
  }

  private void collect(Path argument, Map<String, Path> named) {
    if (argument.toString().equals("-")) {
      if (name == null) {
        throw new FailedException("Reading from standard input needs --as NAME.");
      }
      named.put(name, argument);
      return;
    }
    Path given = argument.normalize();
    Path base = given.isAbsolute() || given.startsWith("..") ? given.getParent() : null;
    Path file = root.terminal().directory().resolve(argument);
    if (!Files.isDirectory(file)) {
      named.put(name != null ? name : nameOf(given, base), file);
      return;
    }
    try (Stream<Path> inside = Files.walk(file)) {
      inside
          .filter(Files::isRegularFile)
          .sorted()
          .forEach(
              path ->
                  named.put(nameOf(given.resolve(file.relativize(path)).normalize(), base), path));
    } catch (IOException e) {
      throw new FailedException("Tried to read the folder " + file + " but failed: " + e, e);
    }
  }

  /** As the user says it, with slashes; of a path from elsewhere the part below its folder. */
  private static String nameOf(Path given, @Nullable Path base) {
    Path inside = base == null ? given : base.relativize(given);
    List<String> names = new ArrayList<>();
    inside.forEach(part -> names.add(part.toString()));
    return String.join("/", names);
  }

  private byte[] read(Path file) {
    try {
      return file.toString().equals("-")
          ? root.terminal().in().readAllBytes()
          : Files.readAllBytes(file);
    } catch (IOException e) {
      throw new FailedException("Tried to read " + file + " but failed: " + e, e);
    }
  }

  private static String defaultMessage(Repository repository, Map<String, Path> named) {
    if (named.size() != 1) {
      return "add " + named.size() + " files";
    }
    String path = named.keySet().iterator().next();
    boolean isKnown = repository.files().entry(path).isPresent();
    return (isKnown ? "update file: " : "add file: ") + path;
  }
}
