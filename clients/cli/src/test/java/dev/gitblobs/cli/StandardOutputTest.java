package dev.gitblobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
  private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();

  /** Prints a line into a stream that fails so, and tells how the process ends. */
  private int printInto(OutputStream stream, int code) {
    StandardOutput out = new StandardOutput(stream);
    try (PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      printed.println("a line");
    }
    return out.exitCode(code, new PrintStream(complaints, true, StandardCharsets.UTF_8));
  }

  private static OutputStream failing(String why) {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        throw new IOException(why);
      }
    };
  }

  @Test
  void failsACommandWhoseOutputIsLost() {
    assertThat(printInto(failing("No space left on device"), 0)).isEqualTo(1);
    assertThat(complaints)
        .hasToString("gitblobs: the output could not be written: No space left on device\n");
  }

  @Test
  void saysNothingOfAReaderWhoLeft() {
    assertThat(printInto(failing("Broken pipe"), 0)).isEqualTo(StandardOutput.NO_READER);
    assertThat(complaints.size()).isZero();
  }

  @Test
  void leavesAFailureAndASuccessAsTheyAre() {
    assertThat(printInto(failing("No space left on device"), 2)).isEqualTo(2);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    assertThat(printInto(written, 0)).isZero();
    assertThat(written).hasToString("a line\n");
    assertThat(complaints.size()).isZero();
  }
}
