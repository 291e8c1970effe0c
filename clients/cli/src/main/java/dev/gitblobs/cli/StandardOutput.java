package dev.gitblobs.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * Standard output, which remembers that it could not be written: print streams forget that, and a
 * command whose output is lost has not done what it was asked for.
 */
final class StandardOutput extends OutputStream {
  /** As shells report a program that wrote into a pipe without reader: 128 + SIGPIPE. */
  static final int NO_READER = 141;

  private final OutputStream stream;
  private @Nullable IOException failure;

  StandardOutput(OutputStream stream) {
    this.stream = stream;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      stream.write(bytes, from, count);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  /**
   * How a process ends that wrote here. A reader who left early is no news, but a full disk is.
   *
   * @param code how its command ended; a failure stays what it is
   * @param err where to complain
   */
  int exitCode(int code, PrintStream err) {
    if (failure == null || code != 0) {
      return code;
    }
    if (String.valueOf(failure.getMessage()).contains("Broken pipe")) {
      return NO_READER;
    }
    err.println("gitblobs: the output could not be written: " + failure.getMessage());
    err.flush();
    return 1;
  }
}
