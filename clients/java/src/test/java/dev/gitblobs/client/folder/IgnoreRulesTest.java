package dev.gitblobs.client.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IgnoreRulesTest {
  private final Desk desk;

  IgnoreRulesTest(@TempDir Path parent) {
    this.desk = new Desk(parent);
  }

  private void assertStored(String... names) {
    desk.commit();
    assertThat(desk.storedFiles()).containsOnlyKeys(names);
  }

  @Test
  void leaveOutGitsOwnFolderAndWhatCanBeMadeAgain() {
    desk.write(".git/config", "1");
    desk.write("sub/.git", "gitdir: elsewhere");
    desk.write("node_modules/a/b", "1");
    desk.write("sub/node_modules/a", "1");
    desk.write("src/a", "1");
    assertStored("src/a");
    assertThat(desk.folder.status().skipped()).isEmpty();
    desk.write(".gitblobsignore", "!/sub/node_modules/\n!.git\n");
    assertStored(".gitblobsignore", "src/a", "sub/node_modules/a");
  }

  @Test
  void areThoseOfGit() {
    desk.write(".gitignore", "*.log\n!keep.log\n/build/\ndoc/**/draft\n#comment\n\\#file\n");
    desk.write("a.log", "1");
    desk.write("deep/b.log", "1");
    desk.write("deep/keep.log", "1");
    desk.write("build/out", "1");
    desk.write("deep/build/in", "1");
    desk.write("doc/x/y/draft", "1");
    desk.write("draft", "1");
    desk.write("#file", "1");
    assertStored(".gitignore", "deep/keep.log", "deep/build/in", "draft");
  }

  @Test
  void goByTheInnermostFileAndOursAfterGits() {
    desk.write(".gitignore", "*.tmp\n*.bak\n");
    desk.write(".gitblobsignore", "!*.bak\n");
    desk.write("in/.gitignore", "!a.tmp\n");
    desk.write("in/a.tmp", "1");
    desk.write("in/b.tmp", "1");
    desk.write("c.bak", "1");
    assertStored(".gitignore", ".gitblobsignore", "in/.gitignore", "in/a.tmp", "c.bak");
  }

  @Test
  void sayNothingAboutFilesThatTheStoreHas() {
    desk.write("build/kept", "1");
    desk.commit();
    desk.write(".gitignore", "build/\n");
    desk.write("build/kept", "2");
    desk.write("build/new", "2");
    assertThat(desk.changes()).containsExactly("NEW .gitignore", "CHANGED build/kept");
    desk.delete("build/kept");
    assertThat(desk.changes()).containsExactly("NEW .gitignore", "DELETED build/kept");
  }

  @Test
  void tellOfNoLinkThatTheyLeaveOut() throws IOException {
    Files.createSymbolicLink(desk.place.resolve("link"), Path.of("."));
    assertThat(desk.folder.status().skipped()).hasSize(1);
    desk.write(".gitignore", "link\n");
    assertThat(desk.folder.status().skipped()).isEmpty();
  }

  @Test
  void readNoRulesFromALinkAndNoneThatAreTooLong() throws IOException {
    desk.write("rules", "*\n");
    Files.createSymbolicLink(desk.place.resolve(".gitignore"), Path.of("rules"));
    desk.write("sub/.gitignore", "*\n".repeat(1 << 20));
    desk.write("sub/a", "1");
    assertStored("rules", "sub/.gitignore", "sub/a");
  }
}
