package dev.gitblobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderCommandsTest {
  private final Path folder;
  private final CommandRun user;

  FolderCommandsTest(@TempDir Path folder) {
    this.folder = folder;
    this.user = new CommandRun(folder);
  }

  @BeforeEach
  void attach() {
    user.ok("--store", "store", "init");
    user.ok("--store", "store", "folder", "files");
  }

  private CommandRun.Result notes(String... words) {
    return user.run(
        Stream.concat(Stream.of("--store", "store"), Stream.of(words)).toArray(String[]::new));
  }

  private CommandRun.Result ok(String... words) {
    CommandRun.Result result = notes(words);
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    return result;
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve("files").resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }

  private String text(String name) throws IOException {
    return Files.readString(folder.resolve("files").resolve(name));
  }

  private static Json.Obj member(Json.Obj object, String name) {
    return (Json.Obj) object.get(name).orElseThrow();
  }

  @Test
  void showsAttachesAndDetaches() {
    assertThat(ok("folder").out()).contains("Folder: ").contains("files");
    assertThat(ok("folder", "--json").json().text("folder").orElseThrow()).endsWith("files");
    assertThat(notes("folder", "other").err()).contains("--detach");
    assertThat(notes("folder", "other", "--detach").exit()).isEqualTo(2);
    ok("folder", "--detach");
    assertThat(ok("folder").out()).contains("No folder");
    assertThat(notes("commit").err()).contains("gitblobs folder DIR");
    assertThat(ok("status", "--json").json().get("folder")).isEmpty();
    user.add("store", "a", "1");
    Json.Obj json = ok("folder", "other", "--json").json();
    assertThat(member(json, "brought").get("written").orElseThrow().toText()).isEqualTo("[\"a\"]");
    assertThat(folder.resolve("other/a")).hasContent("1");
  }

  @Test
  void commitsWhatStatusTells() throws IOException {
    write("a", "1\n");
    write("b", "2\n");
    assertThat(ok("status").out()).contains("2 changes to commit", "  new      a", "  new      b");
    assertThat(notes("commit", "never").err()).contains("never", "Nothing was committed");
    assertThat(notes("commit", "-m", " ").exit()).isEqualTo(2);
    assertThat(ok("commit", "a").out()).contains("add file: a");
    assertThat(ok("commit", "-m", "both").out()).contains("both");
    assertThat(ok("commit").out()).contains("Nothing to commit");
    assertThat(ok("status").out()).contains("nothing to commit");
    Files.delete(folder.resolve("files/a"));
    write("dir/c", "1\n");
    write("b", "3\n");
    assertThat(ok("status").out()).contains("  renamed  a -> dir/c", "  changed  b");
    Json.Obj json = ok("commit", "--json").json();
    assertThat(json.get("changed")).contains(Json.of(true));
    assertThat(json.get("changes").orElseThrow().toText())
        .contains("\"kind\":\"renamed\",\"from\":\"a\"");
    assertThat(ok("cat", "dir/c").out()).isEqualTo("1\n");
    assertThat(ok("log", "--oneline").out().lines()).hasSize(3);
  }

  @Test
  void showsWhatIsNotCommittedLineByLine() throws IOException {
    write("a", "1\n2\n");
    ok("commit");
    assertThat(ok("diff").out()).isEmpty();
    write("a", "1\ntwo\n");
    write("new\u202e", "3\n");
    assertThat(ok("diff").out()).contains("-2", "+two", "+3", "new\\u{202e}");
    assertThat(ok("diff", "--summary").out()).contains("M  a", "A  new");
    assertThat(ok("diff", "--json").json().get("to")).contains(Json.Nil.NULL);
    assertThat(ok("diff", "HEAD", "HEAD").out()).isEmpty();
  }

  @Test
  void endsWithOneWhereSomethingIsLeftOut() throws IOException {
    write("a", "1");
    Files.createSymbolicLink(folder.resolve("files/link"), Path.of("a"));
    CommandRun.Result status = notes("status");
    assertThat(status.exit()).isEqualTo(1);
    assertThat(status.err()).contains("Left out: link: it is a link");
    CommandRun.Result commit = notes("commit", "--json");
    assertThat(commit.exit()).isEqualTo(1);
    assertThat(commit.json().get("left_out").orElseThrow().toText()).contains("link");
    assertThat(commit.json().get("changed")).contains(Json.of(true));
    write(".gitblobsignore", "link\n");
    ok("status");
  }

  @Test
  void asksAboutTheSameLinesAndTakesTheAnswer() throws IOException {
    write("a", "1");
    ok("commit");
    write("a", "ours");
    user.add("store", "a", "theirs");
    assertThat(text("a")).isEqualTo("ours");
    CommandRun.Result asked = notes("commit");
    assertThat(asked.exit()).isEqualTo(1);
    assertThat(asked.out()).contains("both edited", "a", "gitblobs commit");
    assertThat(notes("commit", "--ours", "b").exit()).isEqualTo(2);
    assertThat(notes("restore", "a").err()).contains("Decide");
    ok("commit", "--ours", "a");
    assertThat(ok("cat", "a").out()).isEqualTo("ours");
    assertThat(text("a")).isEqualTo("ours");
  }

  @Test
  void movesAlongWithEveryCommandThatMovesHead() throws IOException {
    write("a", "1");
    ok("commit");
    user.add("store", "b", "2");
    assertThat(text("b")).isEqualTo("2");
    ok("mv", "b", "c/d");
    assertThat(text("c/d")).isEqualTo("2");
    ok("rm", "c/d");
    assertThat(folder.resolve("files/c")).doesNotExist();
    ok("undo");
    assertThat(text("c/d")).isEqualTo("2");
    Files.createSymbolicLink(folder.resolve("files/e"), Path.of("a"));
    CommandRun.Result blocked = user.runWithInput("x", "--store", "store", "add", "-", "--as", "e");
    assertThat(blocked.exit()).isEqualTo(1);
    assertThat(blocked.err()).contains("Left out: e");
    Files.move(folder.resolve("files"), folder.resolve("elsewhere"));
    CommandRun.Result missing = notes("undo");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.err()).contains("is not there", "Is a disk missing?");
    Files.writeString(folder.resolve("store/HEAD"), "{");
    assertThat(notes("verify").out()).contains("HEAD");
  }

  @Test
  void restoresWithoutLosingWhatWasNotCommitted() throws IOException {
    write("a", "1");
    ok("commit");
    write("a", "not committed");
    CommandRun.Result restored = ok("restore", "a");
    assertThat(restored.err()).contains("What was not committed of it is in commit");
    assertThat(text("a")).isEqualTo("1");
    assertThat(ok("cat", "a@HEAD~1").out()).isEqualTo("not committed");
    Files.delete(folder.resolve("files/a"));
    ok("restore", "a");
    assertThat(text("a")).isEqualTo("1");
  }

  @Test
  void worksWithTheStoreAndTheFilesInOneFolder() throws IOException {
    Path both = Files.createDirectory(folder.resolve("both"));
    user.ok("--store", "both", "init");
    user.ok("--store", "both", "folder", "both");
    Files.writeString(both.resolve("a"), "1");
    Files.writeString(both.resolve("b"), "1");
    user.ok("--store", "both", "commit");
    Json.Arr files =
        (Json.Arr)
            user.ok("--store", "both", "snapshot", "--json").json().get("files").orElseThrow();
    assertThat(files.items())
        .extracting(file -> ((Json.Obj) file).text("path").orElseThrow())
        .isEqualTo(List.of("a", "b"));
    assertThat(user.ok("--store", "both", "verify").exit()).isZero();
  }

  @Test
  void helpsWithTheNewCommands() {
    for (String command : new String[] {"folder", "commit", "status"}) {
      assertThat(user.ok("help", command).out()).contains("Usage: gitblobs " + command, "Example");
    }
    assertThat(user.ok("completion").out()).contains("folder", "commit", "--detach");
  }
}
