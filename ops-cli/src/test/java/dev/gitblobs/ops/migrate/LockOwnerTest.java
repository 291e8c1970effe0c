package dev.gitblobs.ops.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LockOwnerTest {
  @TempDir private Path folder;

  private static long goneProcess() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    return gone.pid();
  }

  @Test
  void isGoneWhenItsProcessOnThisMachineIs() throws Exception {
    assertThat(LockOwner.isGone("here/" + goneProcess() + "/1", "here")).isTrue();
  }

  @Test
  void isNotGoneWhileItsProcessLives() {
    assertThat(LockOwner.isGone("here/" + ProcessHandle.current().pid() + "/1", "here")).isFalse();
    assertThat(LockOwner.isGone(LockOwner.ofThisRun().id())).isFalse();
  }

  @Test
  void isNotKnownToBeGoneOnAnotherMachine() throws Exception {
    assertThat(LockOwner.isGone("there/" + goneProcess() + "/1", "here")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown-host", "localhost", "localhost.localdomain"})
  void isNotKnownToBeGoneByANameThatOtherMachinesHaveToo(String name) throws Exception {
    assertThat(LockOwner.isGone(name + "/" + goneProcess() + "/1", name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"here", "here/1", "here/x/1", "here/1/1/1", "here//1", "here/99999999999/1"})
  void isNotKnownToBeGoneWhenItIsNamedAsNoRunNamesItself(String id) {
    assertThat(LockOwner.isGone(id, "here")).isFalse();
    assertThat(LockOwner.isGone("", "")).isFalse();
  }

  @Test
  void takesTheNameThatTheMachineIsGiven() throws IOException {
    Path file = Files.writeString(folder.resolve("hostname"), "box/7\n");
    assertThat(LockOwner.host("laptop", file)).isEqualTo("laptop");
    assertThat(LockOwner.host(null, file)).isEqualTo("box-7");
    assertThat(LockOwner.host(" ", file)).isEqualTo("box-7");
  }

  @Test
  void knowsAMachineWithoutANameForOne() throws IOException {
    Path empty = Files.writeString(folder.resolve("hostname"), "\n");
    assertThat(LockOwner.host(null, empty)).isEqualTo("unknown-host");
    assertThat(LockOwner.host("", folder.resolve("none"))).isEqualTo("unknown-host");
  }

  @Test
  void isDescribedForPeople() {
    assertThat(LockOwner.describe("there/7/1")).isEqualTo("process 7 on there");
    assertThat(LockOwner.describe("somebody")).isEqualTo("another run");
  }
}
