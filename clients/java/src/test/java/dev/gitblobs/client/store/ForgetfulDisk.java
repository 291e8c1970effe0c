package dev.gitblobs.client.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A disk that says what a loss of power would take: a renamed file whose content was not synced
 * before, and names in a folder that was not synced since.
 */
final class ForgetfulDisk implements Disk {
  private final Set<Path> unsynced = new LinkedHashSet<>();
  private final Set<Path> emptied = new LinkedHashSet<>();

  /** Files that were renamed before their content was durable. */
  synchronized Set<Path> emptied() {
    return Set.copyOf(emptied);
  }

  /** What is still to be synced: files, and folders that got a name. */
  synchronized Set<Path> unsynced() {
    return Set.copyOf(unsynced);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    Disk.REAL.createDirectories(directory);
  }

  @Override
  public synchronized void write(Path file, Content content) throws IOException {
    unsynced.add(file);
    Disk.REAL.write(file, content);
  }

  @Override
  public void append(Path file, byte[] bytes) throws IOException {
    Disk.REAL.append(file, bytes);
  }

  @Override
  public void sync(Path file) throws IOException {
    Disk.REAL.sync(file);
    synchronized (this) {
      unsynced.remove(file);
    }
  }

  @Override
  public synchronized void move(Path from, Path to) throws IOException {
    if (unsynced.remove(from)) {
      emptied.add(to);
    }
    unsynced.add(to.toAbsolutePath().getParent());
    Disk.REAL.move(from, to);
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    unsynced.remove(file);
    Disk.REAL.delete(file);
  }
}
