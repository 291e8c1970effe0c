package dev.gitblobs.client.folder;

import dev.gitblobs.client.GitBlobsException;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Changes as the system tells them. Where it cannot watch a directory, because it has too many or
 * is on a disk elsewhere, a change is supposed every few seconds.
 */
public final class FolderWatch implements FolderChanges {
  /** Programs save in several steps; what they do within this time is one change. */
  private static final Duration QUIET = Duration.ofMillis(300);

  /** For a folder that is never quiet. */
  private static final Duration AT_MOST = Duration.ofSeconds(5);

  /** How often a folder is looked through that cannot be watched. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final WatchEvent.Kind<?>[] ALL = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_DELETE,
    StandardWatchEventKinds.ENTRY_MODIFY
  };

  private final WatchService service;
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private boolean isBlind;
  private long lookedAt = System.nanoTime();

  /** Watches nothing yet. */
  public FolderWatch(Path folder) {
    try {
      service = folder.getFileSystem().newWatchService();
    } catch (IOException e) {
      throw new GitBlobsException("Tried to watch " + folder + " but failed: " + e, e);
    }
  }

  /** Whether some directory cannot be watched, and changes are looked for now and then. */
  public boolean isBlind() {
    return isBlind;
  }

  @Override
  public boolean watch(Collection<Path> directories) {
    boolean isNew = false;
    keys.values().removeIf(key -> !key.isValid());
    for (Path directory : directories) {
      if (!keys.containsKey(directory)) {
        try {
          keys.put(directory, directory.register(service, ALL));
          isNew = true;
        } catch (ClosedWatchServiceException e) {
          return false; // it is over
        } catch (IOException e) {
          isBlind |= Files.isDirectory(directory);
        }
      }
    }
    return isNew;
  }

  @Override
  public boolean await(Duration time) {
    try {
      if (poll(time)) {
        long begin = System.nanoTime();
        boolean isQuiet = false;
        while (!isQuiet && System.nanoTime() - begin < AT_MOST.toNanos()) {
          isQuiet = !poll(QUIET);
        }
        lookedAt = System.nanoTime();
        return true;
      }
      boolean isTime = isBlind && System.nanoTime() - lookedAt > LOOK.toNanos();
      if (isTime) {
        lookedAt = System.nanoTime();
      }
      return isTime;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ClosedWatchServiceException e) {
      return false;
    }
  }

  private boolean poll(Duration time) throws InterruptedException {
    WatchKey key = service.poll(time.toMillis(), TimeUnit.MILLISECONDS);
    if (key == null) {
      return false;
    }
    key.pollEvents();
    key.reset();
    return true;
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      throw new GitBlobsException("Tried to end watching but failed: " + e, e);
    }
  }
}
