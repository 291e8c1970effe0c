package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.store.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The name under which one process connects. A relay has one socket per device: a second process
 * with the same copy of a store takes the device's name with a number, so that the two do not throw
 * each other out. Held by the operating system: it ends with the process.
 */
final class DeviceTurn implements AutoCloseable {
  private static final int MAX_PROCESSES = 100;

  private final String name;
  private final ProcessLock lock;

  private DeviceTurn(String name, ProcessLock lock) {
    this.name = name;
    this.lock = lock;
  }

  /** Takes the first name that no other process has. */
  static DeviceTurn take(Path ownFolder, String device) {
    try {
      Files.createDirectories(ownFolder);
      for (int number = 1; number <= MAX_PROCESSES; number++) {
        Optional<ProcessLock> lock =
            ProcessLock.attempt(ownFolder.resolve("device-" + number + ".lock"));
        if (lock.isPresent()) {
          return new DeviceTurn(number == 1 ? device : device + "." + number, lock.get());
        }
      }
    } catch (IOException e) {
      throw new GitBlobsException("Tried to write to " + ownFolder + " but failed: " + e, e);
    }
    throw new GitBlobsException(
        MAX_PROCESSES + " processes sync the store of " + ownFolder + " already.");
  }

  String name() {
    return name;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new GitBlobsException("Tried to end the turn of " + name + " but failed: " + e, e);
    }
  }
}
