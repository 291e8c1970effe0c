package dev.gitblobs.cli;

import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.store.FileStore;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
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
      collect(file, named, repository.store());
    }
    if (name != null && (files.size() != 1 || named.size() != 1)) {
      throw new FailedException("--as NAME goes with exactly one file.");
    }
    String text = message != null ? message : defaultMessage(repository, named);
    try (Progress progress = root.output().progress("Adding files")) {
      AtomicLong done = new AtomicLong();
      List<Edit> edits = new ArrayList<>();
      named.forEach(
          (path, file) ->
              edits.add(
                  Edit.put(
                      path,
                      () -> {
                        progress.accept(done.incrementAndGet(), named.size());
                        return read(file);
                      })));
      return CommitResult.report(root, repository.commit(text, edits));
    }
  }

  private void collect(Path argument, Map<String, Path> named, FileStore store) {
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
    for (Path path : filesIn(file, store)) {
      named.put(nameOf(given.resolve(file.relativize(path)).normalize(), base), path);
    }
  }

  /** All files in a folder, sorted, without those the store itself is made of. */
  private static List<Path> filesIn(Path folder, FileStore store) {
    List<Path> found = new ArrayList<>();
    SimpleFileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path inside, BasicFileAttributes attributes) {
            return store.isOwn(inside) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path inside, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !store.isOwn(inside)) {
              found.add(inside);
            }
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(folder, visitor);
    } catch (IOException e) {
      throw new FailedException("Tried to read the folder " + folder + " but failed: " + e, e);
    }
    Collections.sort(found);
    return found;
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
