package dev.gitblobs.ops.environment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two runs of relayctl from changing one environment at once. The operating system holds it,
 * so that a killed run never leaves it behind.
 */
public final class StateLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private StateLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the environment's lock.
   *
   * @throws OpsException when another run holds it
   */
  public static StateLock take(Environment environment) {
    Path file = environment.state().resolveSibling("." + environment.name() + ".lock");
    try {
      Files.createDirectories(environment.state());
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new OpsException(
            "Another relayctl is changing the environment '" + environment.name() + "' right now.",
            "Wait until it is done, then run the command again.");
      }
      return new StateLock(file, channel);
    } catch (IOException e) {
      throw new OpsException(
          "Could not lock " + file + ": " + e.getMessage(),
          "Check that the checkout can be written.",
          e);
    }
  }

  /**
   * Removes the lock's own file, and the folder around it when that is empty: for the run that
   * removes all else of the environment. The lock is held until {@link #close}.
   */
  public void forgetFile() {
    try {
      Files.deleteIfExists(file);
      Path folder = file.getParent();
      if (folder != null) {
        Files.deleteIfExists(folder);
      }
    } catch (DirectoryNotEmptyException e) {
      return; // other environments live there
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }
}
