package dev.gitblobs.client.folder;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;

/** Tells when something in a folder has changed. */
public interface FolderChanges extends AutoCloseable {
  /** Watches these directories too; true where some of them were not watched before. */
  boolean watch(Collection<Path> directories);

  /**
   * Waits until something has changed and it is quiet again; false when the time was up, or the
   * thread is told to end.
   */
  boolean await(Duration time);

  @Override
  void close();
}
