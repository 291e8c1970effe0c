package dev.gitblobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WayBackCommandsTest {
  private final CommandRun user;

  WayBackCommandsTest(@TempDir Path folder) {
    this.user = new CommandRun(folder);
    user.ok("--store", "notes", "init");
  }

  private CommandRun.Result notes(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "--store";
    all[1] = "notes";
    System.arraycopy(words, 0, all, 2, words.length);
    return user.run(all);
  }

  private String cat(String file) {
    CommandRun.Result result = notes("cat", file);
    assertThat(result.exit()).as(result.err()).isZero();
    return result.out();
  }

  @Test
  void undoesTheLastStepsAndSaysHowToBringThemAgain() {
    user.add("notes", "f", "1");
    String second = user.add("notes", "f", "2");
    CommandRun.Result undo = notes("undo");
    assertThat(undo.out()).contains("Took back the commit", "merge " + second.substring(0, 12));
    assertThat(cat("f")).isEqualTo("1");
    assertThat(notes("merge", second.substring(0, 12)).exit()).isZero();
    assertThat(cat("f")).isEqualTo("2");
    Json.Obj json = notes("undo", "--json").json();
    assertThat(json.text("result")).contains("moved-back");
    assertThat(notes("undo", "--json").json().text("result")).contains("committed");
    assertThat(notes("status", "--json").json().get("files")).contains(Json.of(0));
    assertThat(notes("undo").out()).contains("no step");
  }

  @Test
  void revertsACommitInTheMiddle() {
    user.add("notes", "f", "1\n2\n3\n");
    String bad = user.add("notes", "f", "bad\n2\n3\n");
    user.add("notes", "f", "bad\n2\nlater\n");
    assertThat(notes("revert", "HEAD~1").out()).contains("Revert");
    assertThat(cat("f")).isEqualTo("1\n2\nlater\n");
    user.add("notes", "f", "x\n");
    CommandRun.Result conflict = notes("revert", bad, "--json");
    assertThat(conflict.exit()).isEqualTo(1);
    assertThat(conflict.json().text("result")).contains("conflict");
    assertThat(notes("revert", bad, "--ours", "g").exit()).isEqualTo(2);
    assertThat(notes("revert", bad, "--theirs", "f").exit()).isZero();
    assertThat(cat("f")).isEqualTo("1\n2\n3\n");
  }

  @Test
  void restoresVersionsByNameRevisionAndDay() {
    user.add("notes", "f", "1");
    user.add("notes", "f", "2");
    notes("rm", "f");
    assertThat(notes("restore", "f").exit()).isZero();
    assertThat(cat("f")).isEqualTo("2");
    assertThat(notes("restore", "f@HEAD~3").exit()).isZero();
    assertThat(cat("f")).isEqualTo("1");
    assertThat(notes("restore", "f", "--at", "2023-11-14").out()).contains("Nothing to commit");
    assertThat(notes("restore", "f", "--at", "2001-01-01").exit()).isEqualTo(1);
    assertThat(notes("restore", "never").err()).contains("never");
  }

  @Test
  void readsAFileOfAnyRevisionAndOneWithTheSignInItsName() {
    user.add("notes", "f", "1");
    user.add("notes", "f", "2");
    user.add("notes", "ada@example.org", "a");
    user.add("notes", "ada@example.org", "b");
    assertThat(cat("f@HEAD~3")).isEqualTo("1");
    assertThat(cat("f@HEAD@{3}")).isEqualTo("1");
    assertThat(cat("ada@example.org")).isEqualTo("b");
    assertThat(cat("ada@example.org@HEAD^")).isEqualTo("a");
    assertThat(notes("cat", "f", "HEAD~3").out()).isEqualTo("1");
    assertThat(notes("cat", "f@HEAD~99").exit()).isEqualTo(1);
  }

  @Test
  void logsOneFileAlsoWhenItIsDeleted() {
    user.add("notes", "f", "1");
    user.add("notes", "g", "1");
    user.add("notes", "f", "2");
    notes("rm", "f");
    assertThat(notes("log", "f", "--oneline").out().lines())
        .extracting(line -> line.substring(13))
        .containsExactly("delete file: f (deleted here)", "update file: f", "add file: f");
    Json versions = JsonReader.read(notes("log", "HEAD~1", "f", "--json").out());
    assertThat(((Json.Arr) versions).items()).hasSize(2);
    assertThat(notes("log", "never").err()).contains("no commit and no file never");
    assertThat(notes("log", "never", "f").exit()).isEqualTo(1);
  }

  @Test
  void helpsWithEveryCommand() {
    for (String command : new String[] {"undo", "revert", "restore", "add", "merge"}) {
      CommandRun.Result help = user.ok("help", command);
      assertThat(help.out()).contains("Usage: gitblobs " + command, "Example");
    }
    assertThat(user.ok("completion").out()).contains("undo", "revert", "restore", "--keep-both");
  }
}
