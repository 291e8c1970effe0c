package dev.gitblobs.ops.stack;

import dev.gitblobs.ops.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The update locks of a file backend. A killed engine leaves its lock behind, and every later
 * update would refuse to start; a lock whose process is gone protects nobody.
 */
final class StaleLocks {
  private StaleLocks() {}

  /**
   * Removes the locks of processes that are gone.
   *
   * @param backend the backend's folder, which only this machine uses
   * @return how many were removed
   */
  static int release(Path backend) {
    Path locks = backend.resolve(".pulumi/locks");
    if (!Files.isDirectory(locks)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(locks)) {
      List<Path> stale =
          files
              .filter(file -> file.toString().endsWith(".json"))
              .filter(StaleLocks::isStale)
              .toList();
      for (Path file : stale) {
        Files.deleteIfExists(file);
      }
      return stale.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isStale(Path lock) {
    try {
      long pid = Json.MAPPER.readTree(Files.readAllBytes(lock)).path("pid").asLong();
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    } catch (IOException e) {
      return true; // cut off while it was written: its writer was killed
    }
  }
}
