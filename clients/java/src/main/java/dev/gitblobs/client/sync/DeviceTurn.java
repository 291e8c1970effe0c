package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The name under which one process connects. A relay has one socket per device: a second process
 * with the same copy of a store takes the device's name with a number, so that the two do not throw
 * each other out. Held by the operating system: it ends with the process.
 */
final class DeviceTurn implements AutoCloseable {
  private static final int MAX_PROCESSES = 100;

  private final String name;
  private final FileChannel channel;

  private DeviceTurn(String name, FileChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  /** Takes the first name that no other process has. */
  static DeviceTurn take(Path ownFolder, String device) {
    try {
      Files.createDirectories(ownFolder);
      for (int number = 1; number <= MAX_PROCESSES; number++) {
        FileChannel channel =
            FileChannel.open(
                ownFolder.resolve("device-" + number + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        if (isFree(channel)) {
          return new DeviceTurn(number == 1 ? device : device + "." + number, channel);
        }
        channel.close();
      }
    } catch (IOException e) {
      throw new GitBlobsException("Tried to write to " + ownFolder + " but failed: " + e, e);
    }
    throw new GitBlobsException(
        MAX_PROCESSES + " processes sync the store of " + ownFolder + " already.");
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // another thread of this process has it
    }
  }

  String name() {
    return name;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new GitBlobsException("Tried to end the turn of " + name + " but failed: " + e, e);
    }
  }
}
