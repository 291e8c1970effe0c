package dev.gitblobs.client.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A disk that dies at its n-th step: that write is cut in half, and nothing after it happens, as
 * when the process is killed or the disk is full.
 */
public final class FaultyDisk implements Disk {
  private final Runnable atDeath;
  private final int stepsAtMost;
  private int steps;
  private volatile boolean dead;

  FaultyDisk(int steps) {
    this(steps, () -> {});
  }

  FaultyDisk(int steps, Runnable atDeath) {
    this.stepsAtMost = steps;
    this.atDeath = atDeath;
  }

  /** Whether it has died. */
  public boolean isDead() {
    return dead;
  }

  synchronized int steps() {
    return steps;
  }

  private synchronized boolean step() {
    dead |= steps++ >= stepsAtMost;
    return !dead;
  }

  private void die() throws IOException {
    atDeath.run();
    throw new IOException("No space left on device");
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    if (!step()) {
      die();
    }
    Disk.REAL.createDirectories(directory);
  }

  @Override
  public void write(Path file, Content content) throws IOException {
    boolean wasDead = dead;
    if (step()) {
      Disk.REAL.write(file, content);
      return;
    }
    if (!wasDead) {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      content.writeTo(whole);
      Disk.REAL.write(file, out -> out.write(whole.toByteArray(), 0, whole.size() / 2));
    }
    die();
  }

  @Override
  public void append(Path file, byte[] bytes) throws IOException {
    boolean wasDead = dead;
    if (step()) {
      Disk.REAL.append(file, bytes);
      return;
    }
    if (!wasDead) {
      Disk.REAL.append(file, Arrays.copyOf(bytes, bytes.length / 2));
    }
    die();
  }

  @Override
  public void sync(Path file) throws IOException {
    if (!step()) {
      die();
    }
    Disk.REAL.sync(file);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    if (!step()) {
      die();
    }
    Disk.REAL.move(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    if (!step()) {
      die();
    }
    Disk.REAL.delete(file);
  }
}
