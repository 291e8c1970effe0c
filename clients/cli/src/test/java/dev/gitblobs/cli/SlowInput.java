package dev.gitblobs.cli;

import java.io.InputStream;

/** Input that comes to its end only after something else has happened. */
final class SlowInput extends InputStream {
  private final Runnable meanwhile;
  private boolean hasHappened;

  SlowInput(Runnable meanwhile) {
    this.meanwhile = meanwhile;
  }

  @Override
  public int read() {
    if (!hasHappened) {
      hasHappened = true;
      meanwhile.run();
      return '.';
    }
    return -1;
  }

  @Override
  public int read(byte[] bytes, int from, int count) {
    int one = count == 0 ? 0 : read();
    if (count == 0 || one < 0) {
      return one;
    }
    bytes[from] = (byte) one;
    return 1;
  }
}
