package dev.gitblobs.client.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lock between processes, and between threads of one, held by the operating system on a file: it
 * ends with the process. The file stays; it says nothing.
 */
public final class ProcessLock implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final FileChannel channel;

  private ProcessLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock, or empty when somebody else has it. */
  public static Optional<ProcessLock> attempt(Path file) throws IOException {
    return take(file, Duration.ZERO);
  }

  /**
   * Waits for the lock; empty when somebody else had it all the time.
   *
   * @throws InterruptedIOException when the thread is told to end while it waits; it still is then
   */
  public static Optional<ProcessLock> take(Path file, Duration patience) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean isTaken = false;
    try {
      long begin = System.nanoTime();
      isTaken = tryLock(channel) != null;
      while (!isTaken && System.nanoTime() - begin < patience.toNanos()) {
        Thread.sleep(PAUSE.toMillis());
        isTaken = tryLock(channel) != null;
      }
      return isTaken ? Optional.of(new ProcessLock(channel)) : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      if (!isTaken) {
        channel.close();
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another thread of this process has it
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
