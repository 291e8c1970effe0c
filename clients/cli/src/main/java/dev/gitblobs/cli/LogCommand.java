package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.CommitWalk;
import dev.gitblobs.client.history.FileHistory;
import dev.gitblobs.client.history.Revision;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonText;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists commits. */
@Command(
    name = "log",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the commits from HEAD, or another commit, down; newest first. With a file's name only",
      "those that changed it, also when it is deleted by now."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes log --graph -n 20",
      "  gitblobs --store notes log --json",
      "  gitblobs --store notes log todo.txt"
    })
final class LogCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(
      arity = "0..2",
      paramLabel = "COMMIT|NAME",
      description = "Where to start; the file whose versions to list.")
  private List<String> words = List.of();

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      description = "Show N commits at most.")
  private int limit = Integer.MAX_VALUE;

  @Option(names = "--oneline", description = "One line for each commit.")
  private boolean isBrief;

  @Option(names = "--graph", description = "Draw how commits fork and merge.")
  private boolean isDrawn;

  LogCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    if (limit < 0) {
      throw new UsageException("-n takes a number from 0 on.");
    }
    Repository repository = root.repository();
    Optional<Commit> start =
        words.stream().findFirst().flatMap(word -> Revision.find(repository.store(), word));
    List<Hash> from =
        start
            .map(commit -> List.of(commit.hash()))
            .orElse(repository.store().head().stream().toList());
    List<String> names = start.isPresent() ? words.subList(1, words.size()) : words;
    if (names.size() > 1) {
      throw new FailedException(
          "There is no commit "
              + names.get(0)
              + ". Say one COMMIT, one NAME, or both in this order.");
    }
    if (!names.isEmpty()) {
      return history(repository, from, names.get(0));
    }
    CommitWalk walk = new CommitWalk(repository.store(), from);
    if (root.output().isJson()) {
      printJson(walk);
    } else {
      LogGraph graph = new LogGraph();
      for (int i = 0; i < limit && walk.hasNext(); i++) {
        print(walk.next(), graph);
      }
    }
    if (!walk.missing().isEmpty()) {
      root.output().note("Some commits are not in the store: " + walk.missing());
    }
    return 0;
  }

  /** The versions of one file, deleted or not. */
  private int history(Repository repository, List<Hash> from, String name) {
    FileHistory versions = new FileHistory(repository.store(), from, name);
    if (!versions.hasNext()) {
      throw new FailedException(
          "There is no commit and no file " + name + ", now or in the history.");
    }
    List<FileHistory.Version> shown = new ArrayList<>();
    for (int i = 0; i < limit && versions.hasNext(); i++) {
      shown.add(versions.next());
    }
    Json json =
        Json.array(
            shown.stream()
                .map(
                    version ->
                        Json.object(
                            "commit", JsonForms.commit(version.commit()),
                            "file", JsonForms.file(version.entry())))
                .toList());
    return root.done(
        json,
        () ->
            shown.forEach(
                version -> {
                  String note = version.entry() == null ? " (deleted here)" : "";
                  List<String> lines =
                      isBrief ? List.of(brief(version.commit())) : full(version.commit());
                  root.output().line(lines.get(0) + note);
                  lines.stream().skip(1).forEach(root.output()::line);
                }));
  }

  /** One array, written as it is read, so that a long history needs no memory. */
  private void printJson(CommitWalk walk) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < limit && walk.hasNext(); i++) {
      text.append(i == 0 ? "" : ",\n");
      JsonText.write(JsonForms.commit(walk.next()), text);
      root.terminal().out().print(text);
      text.setLength(0);
    }
    root.terminal().out().println(text + "]");
  }

  private void print(Commit commit, LogGraph graph) {
    LogGraph.Row row = isDrawn ? graph.next(commit) : new LogGraph.Row("", "", List.of());
    List<String> lines = isBrief || isDrawn ? List.of(brief(commit)) : full(commit);
    for (int i = 0; i < lines.size(); i++) {
      root.output().line(((i == 0 ? row.mark() : row.continuation()) + lines.get(i)));
    }
    row.below().forEach(line -> root.output().line(line.stripTrailing()));
  }

  private String brief(Commit commit) {
    String subject = commit.message().lines().findFirst().orElse("");
    return root.output().coloured(Output.Colour.NAME, commit.hash().brief())
        + " "
        + SafeText.line(subject);
  }

  private List<String> full(Commit commit) {
    return describe(root, commit);
  }

  /** The lines that present a commit. */
  static List<String> describe(Gitblobs root, Commit commit) {
    List<String> lines = new ArrayList<>();
    String note = commit.isProven() ? "" : " (shallow root: history before it was left out)";
    lines.add(root.output().coloured(Output.Colour.NAME, "commit " + commit.hash()) + note);
    if (commit.parents().size() > 1) {
      lines.add(
          "Merge:  " + String.join(" ", commit.parents().stream().map(p -> p.brief()).toList()));
    }
    Signature author = commit.author();
    if (!author.name().isEmpty() || !author.email().isEmpty()) {
      lines.add("Author: " + SafeText.line(author.name() + " <" + author.email() + ">"));
    }
    lines.add("Date:   " + SafeText.line(author.timestamp()));
    lines.add("");
    commit.message().lines().forEach(line -> lines.add("    " + SafeText.line(line)));
    lines.add("");
    return lines;
  }
}
