package dev.gitblobs.ops.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StaleLocksTest {
  @TempDir private Path backend;
  private Path locks;

  @BeforeEach
  void haveAFolderOfLocks() throws IOException {
    locks = backend.resolve(".pulumi/locks/organization/gitblobs-relay/local");
    Files.createDirectories(locks);
  }

  @Test
  void removesTheLockOfAProcessThatIsGone() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.writeString(locks.resolve("a.json"), "{\"pid\": " + gone.pid() + "}");
    assertThat(StaleLocks.release(backend)).isEqualTo(1);
    assertThat(locks).isEmptyDirectory();
  }

  @Test
  void leavesTheLockOfALivingProcess() throws IOException {
    Files.writeString(locks.resolve("a.json"), "{\"pid\": " + ProcessHandle.current().pid() + "}");
    assertThat(StaleLocks.release(backend)).isZero();
    assertThat(locks).isNotEmptyDirectory();
  }

  @Test
  void removesALockThatWasCutOffWhileWritten() throws IOException {
    Files.writeString(locks.resolve("a.json"), "{\"pi");
    assertThat(StaleLocks.release(backend)).isEqualTo(1);
  }
}
