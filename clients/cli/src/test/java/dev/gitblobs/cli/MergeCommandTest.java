package dev.gitblobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeCommandTest {
  private final Path folder;
  private final CommandRun user;

  MergeCommandTest(@TempDir Path folder) {
    this.folder = folder;
    this.user = new CommandRun(folder);
    user.ok("--store", "notes", "init");
  }

  /** Two stores that both changed {@code note}; returns the other's head, fetched. */
  private String diverge(String base, String ours, String theirs) {
    user.add("notes", "note", base);
    user.ok("--store", "notes", "export", "base.bin");
    user.ok("--store", "other", "import", "base.bin");
    String head = user.add("other", "note", theirs);
    user.add("notes", "note", ours);
    user.add("notes", "more", "ours");
    user.ok("--store", "other", "export", "other.bin");
    user.run("--store", "notes", "import", "other.bin");
    return head;
  }

  private CommandRun.Result merge(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "--store";
    all[1] = "notes";
    all[2] = "merge";
    System.arraycopy(words, 0, all, 3, words.length);
    return user.run(all);
  }

  private String cat(String name) {
    return user.ok("--store", "notes", "cat", name).out();
  }

  @Test
  void asksNothingWhereLinesDecide() {
    String theirs = diverge("1\n2\n3\n", "ours\n2\n3\n", "1\n2\ntheirs\n");
    assertThat(merge(theirs).exit()).isZero();
    assertThat(cat("note")).isEqualTo("ours\n2\ntheirs\n");
  }

  @Test
  void refusesNamesThatAreNotInConflict() throws IOException {
    String theirs = diverge("0", "A", "B");
    Files.writeString(folder.resolve("both.txt"), "both");
    for (String[] wrong :
        new String[][] {
          {"--ours", "Note", "--prefer", "theirs"},
          {"--theirs", "more"},
          {"--keep-both", "nothing"},
          {"--take", "Note=both.txt", "--ours", "note"}
        }) {
      String[] words = new String[wrong.length + 1];
      words[0] = theirs;
      System.arraycopy(wrong, 0, words, 1, wrong.length);
      CommandRun.Result result = merge(words);
      assertThat(result.exit()).isEqualTo(2);
      assertThat(result.err()).contains("Not in conflict", "In conflict: note");
      assertThat(cat("note")).isEqualTo("A");
    }
    assertThat(merge("HEAD~1", "--ours", "note").exit()).isEqualTo(2);
    assertThat(merge("--ours", "note").exit()).isEqualTo(2);
  }

  @Test
  void keepsBoth() {
    String theirs = diverge("0", "A", "B");
    assertThat(merge(theirs, "--keep-both", "note").exit()).isZero();
    assertThat(cat("note")).isEqualTo("A");
    assertThat(cat("note (theirs)")).isEqualTo("B");
  }

  @Test
  void leavesAConflictOpenUntilItIsDecided() {
    String theirs = diverge("0", "A", "B");
    CommandRun.Result left = merge(theirs, "--leave-open", "--json");
    assertThat(left.exit()).isEqualTo(1);
    assertThat(left.json().text("result")).contains("conflict");
    assertThat(cat("note")).isEqualTo("B");
    assertThat(cat("more")).isEqualTo("ours");
    assertThat(user.ok("--store", "notes", "status").out()).contains("both edited", "note");
    Json.Obj status = user.ok("--store", "notes", "status", "--json").json();
    assertThat(((Json.Arr) status.get("conflicts").orElseThrow()).items()).hasSize(1);
    assertThat(merge("--ours", "more").exit()).isEqualTo(2);
    assertThat(merge().exit()).isEqualTo(1);
    assertThat(merge(theirs, "--ours", "note").exit()).isZero();
    assertThat(cat("note")).isEqualTo("A");
    assertThat(user.ok("--store", "notes", "status").out()).doesNotContain("both edited");
  }
}
