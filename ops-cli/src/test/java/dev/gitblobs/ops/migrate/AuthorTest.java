package dev.gitblobs.ops.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is on record for a migration. */
final class AuthorTest {
  @TempDir private Path folder;

  private void git(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=ada"));
    command.addAll(List.of("-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"));
    command.addAll(List.of(words));
    Process git =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(git.waitFor()).isZero();
  }

  @Test
  void namesTheCommitOfTheCheckout() throws Exception {
    git("init", "-q");
    assertThat(Author.ofThisRun(folder).gitSha()).as("there is no commit yet").isNull();
    git("commit", "-q", "--allow-empty", "-m", "first");
    assertThat(Author.ofThisRun(folder).gitSha()).matches("[0-9a-f]{40}");
  }

  @Test
  void namesSomebodyAndTheToolOutsideOfACheckoutToo() {
    Author author = Author.ofThisRun(folder);
    assertThat(author.gitSha()).isNull();
    assertThat(author.actor()).isNotBlank();
    assertThat(author.tool()).startsWith("relayctl");
    assertThat(Author.ofThisRun(folder.resolve("none")).gitSha()).isNull();
  }
}
