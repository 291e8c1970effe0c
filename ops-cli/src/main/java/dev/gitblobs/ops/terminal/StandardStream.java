package dev.gitblobs.ops.terminal;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A standard stream of this process, in UTF-8 whatever the locale, which remembers that it could
 * not be written: writers and Java's own System.out forget that.
 */
public final class StandardStream extends OutputStream {
  /** As shells report a program that wrote into a pipe without reader: 128 + SIGPIPE. */
  public static final int NO_READER = 141;

  private final OutputStream stream;
  private @Nullable IOException failure;

  /** The stream of that descriptor. */
  public StandardStream(FileDescriptor descriptor) {
    this(new FileOutputStream(descriptor));
  }

  /** The same over another stream. */
  public StandardStream(OutputStream stream) {
    this.stream = stream;
  }

  /** A writer onto it. */
  public PrintWriter writer() {
    return new PrintWriter(
        new BufferedWriter(new OutputStreamWriter(this, StandardCharsets.UTF_8)), true);
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
   * How a process ends that wrote to this stream. What it was asked for is done either way; a
   * reader who left early is no news, but a full disk is.
   *
   * @param code how its command ended
   * @param err where to complain
   */
  public int exitCode(int code, PrintWriter err) {
    if (failure == null || code != 0) {
      return code;
    }
    if (String.valueOf(failure.getMessage()).contains("Broken pipe")) {
      return NO_READER;
    }
    err.println("relayctl: the output could not be written: " + failure.getMessage());
    err.flush();
    return 1;
  }
}
