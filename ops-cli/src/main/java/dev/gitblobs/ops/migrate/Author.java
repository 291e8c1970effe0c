package dev.gitblobs.ops.migrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who applies migrations, for the record.
 *
 * @param actor a person or a pipeline
 * @param gitSha the commit of the checkout, with -dirty when the migrations differ from it; null
 *     when it is not one
 * @param tool this program and its version
 */
public record Author(String actor, @Nullable String gitSha, String tool) {
  /** Who runs this process: on GitHub who started the workflow, else the user's name. */
  public static Author ofThisRun(Path checkout) {
    String actor =
        Stream.of(System.getenv("GITHUB_ACTOR"), System.getProperty("user.name"))
            .filter(name -> name != null && !name.isBlank())
            .findFirst()
            .orElse("unknown");
    String version = Author.class.getPackage().getImplementationVersion();
    return new Author(actor, commit(checkout), "relayctl" + (version == null ? "" : " " + version));
  }

  /** The commit, with {@code -dirty} behind it when the migrations are not those of it. */
  private static @Nullable String commit(Path migrations) {
    String head = git(migrations, "rev-parse", "--verify", "HEAD");
    if (head == null) {
      return null;
    }
    String changes = git(migrations, "status", "--porcelain", "--", ".");
    return changes == null || changes.isEmpty() ? head : head + "-dirty";
  }

  private static @Nullable String git(Path folder, String... words) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    try {
      Process git =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor(5, TimeUnit.SECONDS) && git.exitValue() == 0 ? answer.strip() : null;
    } catch (IOException e) {
      return null; // no git on this machine: a record without the commit
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
