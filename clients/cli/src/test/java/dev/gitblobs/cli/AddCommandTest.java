package dev.gitblobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddCommandTest {
  private final Path folder;
  private final CommandRun user;

  AddCommandTest(@TempDir Path folder) {
    this.folder = folder;
    this.user = new CommandRun(folder);
    user.ok("--store", "notes", "init");
  }

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, text);
  }

  private String files() {
    return user.ok("--store", "notes", "status", "--json")
        .json()
        .get("files")
        .orElseThrow()
        .toText();
  }

  @Test
  void storesNothingWhereTwoInputsHaveOneName() throws IOException {
    file("x/docs/a.txt", "1");
    file("y/docs/a.txt", "2");
    String x = folder.resolve("x/docs").toString();
    String y = folder.resolve("y/docs").toString();
    CommandRun.Result result = user.run("--store", "notes", "add", x, y);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("docs/a.txt", "--as NAME", "Nothing was stored");
    String one = folder.resolve("x/docs/a.txt").toString();
    String other = folder.resolve("y/docs/a.txt").toString();
    assertThat(user.run("--store", "notes", "add", one, other).exit()).isEqualTo(1);
    file("x/docs/b.txt", "3");
    assertThat(user.run("--store", "notes", "add", "x/docs", "--as", "one").exit()).isEqualTo(1);
    assertThat(files()).isEqualTo("0");
  }

  @Test
  void takesAFileThatIsNamedTwiceOnce() throws IOException {
    file("docs/a.txt", "1");
    user.ok("--store", "notes", "add", "docs", "docs/a.txt", "./docs/a.txt");
    assertThat(files()).isEqualTo("1");
  }

  @Test
  void tellsOfLinksInAFolderAndStoresTheRest() throws IOException {
    file("in/a.txt", "1");
    Files.createSymbolicLink(folder.resolve("in/link"), Path.of("a.txt"));
    Files.createSymbolicLink(folder.resolve("in/loop"), Path.of("."));
    CommandRun.Result result = user.run("--store", "notes", "add", "in");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("in/link", "in/loop", "it is a link");
    assertThat(user.ok("--store", "notes", "cat", "in/a.txt").out()).isEqualTo("1");
    CommandRun.Result json = user.run("--store", "notes", "add", "in", "--json");
    assertThat(json.exit()).isEqualTo(1);
    assertThat(json.json().get("left_out").orElseThrow().toText()).contains("in/link", "reason");
    user.ok("--store", "notes", "add", "in/link");
    assertThat(user.ok("--store", "notes", "cat", "in/link").out()).isEqualTo("1");
  }

  @Test
  void refusesADevice() {
    CommandRun.Result result = user.run("--store", "notes", "add", "/dev/zero");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("pipe or a device");
  }

  @Test
  void refusesNamesAndMessagesThatTheLocaleHasLost() throws IOException {
    CommandRun.Result lost =
        user.runWithInput("1", "--store", "notes", "add", "-", "--as", "caf\ufffd.txt");
    assertThat(lost.exit()).isEqualTo(1);
    assertThat(lost.err()).contains("not text in this locale", "LC_ALL");
    file("a.txt", "1");
    assertThat(user.run("--store", "notes", "add", "a.txt", "-m", "Gr\ufffd\ufffde").exit())
        .isEqualTo(2);
    assertThat(files()).isEqualTo("0");
  }

  @Test
  void refusesAMessageThatSaysNothing() throws IOException {
    file("a.txt", "1");
    assertThat(user.run("--store", "notes", "add", "a.txt", "-m", " ").exit()).isEqualTo(2);
    assertThat(user.run("--store", "notes", "log", "-n", "-5").exit()).isEqualTo(2);
    assertThat(files()).isEqualTo("0");
  }

  @Test
  void doesNotLockTheStoreWhileItWaitsForInput() {
    Runnable other =
        () -> new CommandRun(folder).runWithInput("x", "--store", "notes", "add", "-", "--as", "x");
    assertThat(user.runWithInput(new SlowInput(other), "--store", "notes", "add", "-", "--as", "y"))
        .extracting(CommandRun.Result::exit)
        .isEqualTo(0);
    assertThat(files()).isEqualTo("2");
  }

  @Test
  void warnsOfAFileThatTheRelayDoesNotTake() throws IOException {
    Files.write(folder.resolve("film"), new byte[(32 << 20) + 1]);
    assertThat(user.ok("--store", "notes", "add", "film").err()).isEmpty();
    user.ok("--store", "notes", "remote", "set", "http://127.0.0.1:1", "notes");
    user.ok("--store", "notes", "rm", "film");
    assertThat(user.ok("--store", "notes", "add", "film").err()).contains("film", "32 MiB");
  }
}
