package dev.gitblobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCommandsTest {
  private final Path folder;
  private final CommandRun user;

  LocalCommandsTest(@TempDir Path folder) {
    this.folder = folder;
    this.user = new CommandRun(folder);
    user.ok("--store", "notes", "init");
  }

  private static String text(Json.Obj object, String name) {
    return object.text(name).orElseThrow();
  }

  private static Json.Obj member(Json.Obj object, String name) {
    return (Json.Obj) object.get(name).orElseThrow();
  }

  @Test
  void makesAStoreOnce() {
    assertThat(user.ok("--store", "new", "init", "--json").json().get("created"))
        .contains(Json.of(true));
    assertThat(user.ok("--store", "new", "init", "--json").json().get("created"))
        .contains(Json.of(false));
    assertThat(folder.resolve("new/objects")).isDirectory();
  }

  @Test
  void saysWhereThereIsNoStore() {
    CommandRun.Result result = user.run("--store", "nowhere", "log");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("There is no store in").contains("init");
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  void endsWithTwoOnWrongUsage() {
    assertThat(user.run("--store", "notes", "frobnicate").exit()).isEqualTo(2);
    assertThat(user.run("--store", "notes", "log", "--no-such-option").exit()).isEqualTo(2);
    assertThat(user.run().exit()).isEqualTo(2);
    assertThat(user.run("--store", "notes", "mv", "one").exit()).isEqualTo(2);
  }

  @Test
  void addsFilesAndFoldersInOneCommit() throws IOException {
    Files.createDirectories(folder.resolve("pictures/old"));
    Files.writeString(folder.resolve("pictures/a.txt"), "a");
    Files.writeString(folder.resolve("pictures/old/b.txt"), "b");
    Files.writeString(folder.resolve("todo.txt"), "todo");
    user.ok("--store", "notes", "add", "todo.txt", "./pictures");
    assertThat(user.ok("--store", "notes", "cat", "pictures/old/b.txt").out()).isEqualTo("b");
    assertThat(user.ok("--store", "notes", "log").out()).contains("add 3 files");
    assertThat(user.ok("--store", "notes", "add", "todo.txt").out()).contains("Nothing to commit");
  }

  @Test
  void addsTheFolderOfTheStoreWithoutWhatTheStoreIsMadeOf() throws IOException {
    Files.writeString(folder.resolve("notes/todo.txt"), "todo");
    Files.createDirectories(folder.resolve("notes/sub/objects"));
    Files.writeString(folder.resolve("notes/sub/objects/HEAD"), "mine");
    user.ok("--store", "notes", "add", "notes", "-m", "all");
    user.ok("--store", "notes", "add", "notes", "-m", "again");
    Json.Arr files =
        (Json.Arr)
            user.ok("--store", "notes", "snapshot", "--json").json().get("files").orElseThrow();
    assertThat(files.items())
        .extracting(file -> text((Json.Obj) file, "path"))
        .containsExactly("notes/sub/objects/HEAD", "notes/todo.txt");
  }

  @Test
  void namesAFileFromElsewhereByItsOwnName() throws IOException {
    Path elsewhere = Files.createDirectories(folder.resolve("x/y"));
    Files.writeString(elsewhere.resolve("z.txt"), "z");
    user.ok("--store", "notes", "add", elsewhere.resolve("z.txt").toString());
    user.ok("--store", "notes", "add", elsewhere.toString());
    assertThat(user.ok("--store", "notes", "cat", "z.txt").out()).isEqualTo("z");
    assertThat(user.ok("--store", "notes", "cat", "y/z.txt").out()).isEqualTo("z");
  }

  @Test
  void writesTheMessagesOfTheOriginal() {
    user.add("notes", "a.txt", "1");
    user.add("notes", "a.txt", "2");
    user.ok("--store", "notes", "rm", "a.txt");
    assertThat(user.ok("--store", "notes", "log", "--oneline").out().lines())
        .extracting(line -> line.substring(13))
        .containsExactly("delete file: a.txt", "update file: a.txt", "add file: a.txt");
  }

  @Test
  void movesAndRemovesFoldersInOneCommit() {
    for (String name : List.of("a/1", "a/b/2", "ab", "c/1")) {
      user.add("notes", name, name);
    }
    user.ok("--store", "notes", "mv", "a", "x/y/");
    assertThat(user.ok("--store", "notes", "cat", "x/y/b/2").out()).isEqualTo("a/b/2");
    assertThat(user.ok("--store", "notes", "cat", "ab").out()).isEqualTo("ab");
    CommandRun.Result onto = user.run("--store", "notes", "mv", "x/y", "c");
    assertThat(onto.exit()).isEqualTo(1);
    assertThat(onto.err()).contains("c/1", "Nothing was committed");
    user.ok("--store", "notes", "rm", "x/", "c/1");
    assertThat(user.ok("--store", "notes", "log", "-n", "1").out()).contains("delete 3 files");
    assertThat(user.ok("--store", "notes", "status", "--json").json().get("files"))
        .contains(Json.of(1));
    assertThat(user.run("--store", "notes", "rm", "x/").exit()).isEqualTo(1);
  }

  @Test
  void signsWithTheAuthorFromTheSettings() {
    user.ok("config", "--global", "author.name", "Ada");
    user.ok("--store", "notes", "config", "author.email", "ada@example.org");
    user.add("notes", "a", "1");
    assertThat(user.ok("--store", "notes", "log").out()).contains("Author: Ada <ada@example.org>");
    user.with("GITBLOBS_AUTHOR_NAME", "Grace");
    user.add("notes", "b", "1");
    assertThat(user.ok("--store", "notes", "log", "-n", "1").out()).contains("Author: Grace");
    assertThat(user.run("--store", "notes", "config", "no.such", "x").exit()).isEqualTo(1);
  }

  @Test
  void logsAsJsonNewestFirst() {
    String first = user.add("notes", "a", "1");
    String second = user.add("notes", "b", "2");
    Json log = JsonReader.read(user.ok("--store", "notes", "log", "--json").out());
    List<String> hashes =
        ((Json.Arr) log).items().stream().map(item -> text((Json.Obj) item, "hash")).toList();
    assertThat(hashes).containsExactly(second, first);
    Json one = JsonReader.read(user.ok("--store", "notes", "log", "-n", "1", "--json").out());
    assertThat(((Json.Arr) one).items()).hasSize(1);
    user.ok("--store", "empty", "init");
    assertThat(user.ok("--store", "empty", "log", "--json").out()).isEqualTo("[]\n");
  }

  @Test
  void findsCommitsByHashPrefixAndDistance() {
    String first = user.add("notes", "a", "1");
    String second = user.add("notes", "b", "2");
    for (String name : List.of("HEAD", "@", second, second.substring(0, 8))) {
      assertThat(shown(name)).isEqualTo(second);
    }
    for (String name : List.of("HEAD~1", "HEAD~", second + "~1", first.substring(0, 12))) {
      assertThat(shown(name)).isEqualTo(first);
    }
    for (String name : List.of("HEAD~2", "ffff0000", "../HEAD", "x", "HEAD~1~1")) {
      assertThat(user.run("--store", "notes", "show", name).exit()).isEqualTo(1);
    }
  }

  private String shown(String revision) {
    Json.Obj json = user.ok("--store", "notes", "show", revision, "--json").json();
    return text(member(json, "commit"), "hash");
  }

  @Test
  void showsTextDifferencesInColourOnATerminal() {
    user.add("notes", "a.txt", "one\ntwo\n");
    user.add("notes", "a.txt", "one\nthree\n");
    assertThat(user.ok("--store", "notes", "diff").out())
        .contains("-two\n", "+three\n")
        .doesNotContain("\u001b");
    CommandRun terminal = new CommandRun(folder).onATerminal();
    assertThat(terminal.ok("--store", "notes", "diff").out()).contains("\u001b[32m+three");
    assertThat(terminal.with("NO_COLOR", "1").ok("--store", "notes", "diff").out())
        .doesNotContain("\u001b");
  }

  @Test
  void doesNotLetFileNamesMoveTheCursor() {
    CommandRun.Result result =
        user.runWithInput("x", "--store", "notes", "add", "-", "--as", "a\u001b[2Jb");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).doesNotContain("\u001b").contains("\\x1b");
  }

  @Test
  void movesPacksBetweenStores() {
    String base = user.add("notes", "a", "1");
    user.ok("--store", "notes", "export", "full.bin");
    user.ok("--store", "copy", "import", "full.bin");
    String head = user.add("notes", "b", "2");
    user.ok("--store", "notes", "diff", base, "HEAD", "--pack", "diff.bin");
    assertThat(user.ok("--store", "copy", "import", "diff.bin", "--json").json())
        .isEqualTo(Json.object("result", Json.of("head-moved"), "head", Json.of(head)));
    assertThat(user.ok("--store", "copy", "cat", "b").out()).isEqualTo("2");
    assertThat(user.ok("--store", "copy", "verify").out()).contains("whole");
  }

  @Test
  void importsNothingThatIsNoPack() throws IOException {
    Files.writeString(folder.resolve("junk.bin"), "this is not a pack at all");
    CommandRun.Result result = user.run("--store", "notes", "import", "junk.bin", "--json");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).isEmpty();
    assertThat(
            text(
                member(
                    JsonReader.readObject(
                        result.out().getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                    "error"),
                "message"))
        .contains("Nothing was imported");
    assertThat(user.run("--store", "notes", "import", "absent.bin").err()).contains("absent.bin");
  }

  /** Two stores that both changed {@code f} and {@code g}; returns the other's head, fetched. */
  private String diverge() {
    user.add("notes", "f", "base");
    user.ok("--store", "notes", "export", "base.bin");
    user.ok("--store", "other", "import", "base.bin");
    user.add("other", "f", "theirs");
    String theirs = user.add("other", "new", "theirs");
    user.add("notes", "f", "ours");
    user.ok("--store", "other", "export", "other.bin");
    CommandRun.Result diverged = user.run("--store", "notes", "import", "other.bin", "--json");
    assertThat(diverged.exit()).isEqualTo(1);
    assertThat(text(diverged.json(), "theirs")).isEqualTo(theirs);
    return theirs;
  }

  @Test
  void reportsConflictsAndChangesNothing() {
    String theirs = diverge();
    String before = shown("HEAD");
    CommandRun.Result result = user.run("--store", "notes", "merge", theirs, "--json");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(text(result.json(), "result")).isEqualTo("conflict");
    assertThat(((Json.Arr) result.json().get("conflicts").orElseThrow()).items()).hasSize(1);
    assertThat(user.run("--store", "notes", "merge", theirs).out())
        .contains("both edited", "--ours NAME");
    assertThat(shown("HEAD")).isEqualTo(before);
  }

  @Test
  void mergesAsTheUserDecides() throws IOException {
    String theirs = diverge();
    Files.writeString(folder.resolve("both.txt"), "both");
    user.ok("--store", "notes", "merge", theirs, "--take", "f=both.txt");
    assertThat(user.ok("--store", "notes", "cat", "f").out()).isEqualTo("both");
    assertThat(user.ok("--store", "notes", "cat", "new").out()).isEqualTo("theirs");
    assertThat(user.ok("--store", "notes", "log", "--graph").out()).contains("|\\", "|/");
    assertThat(user.ok("--store", "notes", "merge", theirs, "--json").json().text("result"))
        .contains("up-to-date");
  }

  @Test
  void takesASideOfOneFileOrOfAll() {
    String theirs = diverge();
    user.ok("--store", "notes", "merge", theirs, "--theirs", "f");
    assertThat(user.ok("--store", "notes", "cat", "f").out()).isEqualTo("theirs");
  }

  @Test
  void writesTheFilesThatCanBeAndTellsOfTheOthers() throws IOException {
    List<String> odd =
        List.of("../up.txt", "/abs.txt", "deep/../a.txt", "deep//b.txt", "x".repeat(300), "..");
    odd.forEach(name -> user.add("notes", name, "odd"));
    user.add("notes", "deep/a.txt", "a");
    user.add("notes", "deep", "a file where a folder is");
    user.add("notes", "z.txt", "z");
    for (int run = 0; run < 2; run++) {
      CommandRun.Result result = user.run("--store", "notes", "snapshot", "--files", "out/in");
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains(odd).contains("Left out: deep:");
      assertThat(folder.resolve("out/in/deep/a.txt")).hasContent("a");
      assertThat(folder.resolve("out/in/z.txt")).hasContent("z");
      assertThat(folder.resolve("out/up.txt")).doesNotExist();
    }
  }

  @Test
  void overwritesNothingAndFollowsNoLinkWhenItWritesFiles() throws IOException {
    user.add("notes", "a.txt", "theirs");
    user.add("notes", "sub/b.txt", "b");
    user.add("notes", "c.txt", "c");
    Files.createDirectories(folder.resolve("elsewhere"));
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/a.txt"), "mine");
    Files.createSymbolicLink(folder.resolve("out/sub"), folder.resolve("elsewhere"));
    CommandRun.Result result = user.run("--store", "notes", "snapshot", "--files", "out", "--json");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.json().get("left_out").orElseThrow().toText()).contains("a.txt", "sub/b.txt");
    assertThat(folder.resolve("out/a.txt")).hasContent("mine");
    assertThat(folder.resolve("out/c.txt")).hasContent("c");
    assertThat(folder.resolve("elsewhere")).isEmptyDirectory();
  }

  @Test
  void readsBackWhateverItWritesOfAStoreThatBeganWithACompactBackup() {
    user.add("notes", "f", "1");
    user.add("notes", "f", "2");
    user.ok("--store", "notes", "snapshot", "--pack", "compact.bin");
    user.ok("--store", "short", "import", "compact.bin");
    String base = shownIn("short", "HEAD");
    user.add("short", "f", "3");
    user.ok("--store", "short", "export", "full.bin");
    user.ok("--store", "c", "import", "full.bin");
    user.ok("--store", "c", "verify");
    user.ok("--store", "short", "diff", base, "HEAD", "--pack", "diff.bin");
    user.ok("--store", "d", "import", "compact.bin");
    user.ok("--store", "d", "import", "diff.bin");
    user.ok("--store", "short", "graft");
    user.ok("--store", "short", "export", "grafted.bin");
    user.ok("--store", "e", "import", "grafted.bin");
    for (String store : List.of("short", "c", "d", "e")) {
      assertThat(user.ok("--store", store, "verify").out()).contains("whole");
      assertThat(user.ok("--store", store, "cat", "f").out()).isEqualTo("3");
    }
  }

  private String shownIn(String store, String revision) {
    Json.Obj json = user.ok("--store", store, "show", revision, "--json").json();
    return text(member(json, "commit"), "hash");
  }

  @Test
  void findsAChangedFirstCommit() throws IOException {
    String first = user.add("notes", "a", "1");
    user.add("notes", "a", "2");
    Path file = folder.resolve("notes/objects").resolve(first);
    Files.writeString(file, Files.readString(file).replace("add file: a", "add file: X"));
    CommandRun.Result result = user.run("--store", "notes", "verify");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("damaged commit " + first);
    assertThat(user.run("--store", "notes", "log").exit()).isEqualTo(1);
  }

  @Test
  void findsDamage() throws IOException {
    user.add("notes", "a", "precious");
    String blob = "";
    try (var objects = Files.list(folder.resolve("notes/objects"))) {
      for (Path file : objects.toList()) {
        String text = Files.readString(file);
        if (text.contains("\"blob\"")) {
          Files.writeString(file, text.replace("[112,", "[113,"));
          blob = file.getFileName().toString();
        }
      }
    }
    CommandRun.Result result = user.run("--store", "notes", "verify", "--json");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.json().get("whole")).contains(Json.of(false));
    assertThat(result.out()).contains(blob).contains("damaged");
    assertThat(user.run("--store", "notes", "cat", "a").err()).contains("damaged");
  }

  @Test
  void printsACompletionScriptAndHelpWithExamples() {
    assertThat(user.ok("completion").out()).contains("complete -F").contains("gitblobs");
    assertThat(user.ok("--help").out()).contains("Examples:").contains("merge");
    assertThat(user.ok("add", "--help").out()).contains("date | gitblobs");
    assertThat(user.ok("--version").out()).startsWith("gitblobs ");
  }

  @Test
  void keepsCommandsToTheTerminalOutOfFailures() {
    user.add("notes", "a", "1");
    CommandRun.Result result = user.run("--store", "notes", "cat", "\u001b[2J\u202etxt.exe");
    assertThat(result.err()).contains("\\x1b[2J").doesNotContain("\u001b", "\u202e");
  }

  @Test
  void tellsTheStatus() {
    String head = user.add("notes", "a", "1");
    Json.Obj json = user.ok("--store", "notes", "status", "--json").json();
    assertThat(text(member(json, "head"), "hash")).isEqualTo(head);
    assertThat(json.get("files")).contains(Json.of(1));
    assertThat(user.ok("--store", "notes", "status").out()).contains("add file: a");
  }
}
