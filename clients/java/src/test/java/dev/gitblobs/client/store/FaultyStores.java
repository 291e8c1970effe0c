package dev.gitblobs.client.store;

import java.nio.file.Path;
import java.time.Duration;

/** Stores whose disk dies. */
public final class FaultyStores {
  /** A store, and whether its disk has died. */
  public record Faulty(FileStore store, FaultyDisk disk) {
    /** Whether its disk has died. */
    public boolean isDead() {
      return disk.isDead();
    }
  }

  private FaultyStores() {}

  /** The store in this folder, whose writers do not wait for their turn. */
  public static FileStore impatient(Path folder) {
    return new FileStore(folder, Disk.REAL, Duration.ZERO);
  }

  /** The store in this folder on a disk that makes so many steps and then does {@code atDeath}. */
  public static Faulty open(Path folder, int steps, Runnable atDeath) {
    FaultyDisk disk = new FaultyDisk(steps, atDeath);
    return new Faulty(new FileStore(folder, disk), disk);
  }
}
