package dev.gitblobs.client.store;

import dev.gitblobs.client.GitBlobsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The lock of one store's writer, held by the operating system: it ends with the process. */
final class StoreLock implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final FileChannel channel;

  private StoreLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits for the lock. Throws {@link StoreLockedException}. */
  static StoreLock take(StoreLayout layout, Duration patience) throws IOException {
    FileChannel channel =
        FileChannel.open(layout.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      long deadline = System.nanoTime() + patience.toNanos();
      while (attempt(channel) == null) {
        if (System.nanoTime() - deadline > 0) {
          throw new StoreLockedException(layout.base(), patience);
        }
        Thread.sleep(PAUSE.toMillis());
      }
      return new StoreLock(channel);
    } catch (InterruptedException e) {
      channel.close();
      Thread.currentThread().interrupt();
      throw new GitBlobsException("Interrupted while waiting to write to " + layout.base(), e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock attempt(FileChannel channel) throws IOException {
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
