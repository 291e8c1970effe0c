package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.TreeEntry;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      "  gitblobs --store notes cat todo.txt@HEAD~3",
      "  gitblobs --store notes cat todo.txt@HEAD@{2026-11-01}"
    })
final class CatCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(
      index = "0",
      paramLabel = "NAME[@REVISION]",
      description = "The file's name, and which version of it.")
  private String path = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "COMMIT",
      description = "The same as @REVISION; HEAD if left out.")
  private @Nullable String revision;

  CatCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    FileAt at = revision == null ? FileAt.parse(repository, path) : new FileAt(path, null);
    Commit given = at.commit();
    String where = revision == null ? "HEAD" : revision;
    Commit commit = given != null ? given : repository.resolve(where);
    TreeEntry entry =
        repository
            .store()
            .tree(commit.tree())
            .entry(at.path())
            .orElseThrow(
                () -> new FailedException("There is no file " + at.path() + " in " + where + "."));
    byte[] bytes = repository.store().blob(entry.blob()).toBytes();
    return root.done(
        Json.object(
            "path", Json.of(at.path()),
            "hash", Json.of(entry.blob().hex()),
            "size", Json.of((double) bytes.length),
            "content_base64", Json.of(Base64.getEncoder().encodeToString(bytes))),
        () -> root.terminal().out().write(bytes, 0, bytes.length));
  }
}
