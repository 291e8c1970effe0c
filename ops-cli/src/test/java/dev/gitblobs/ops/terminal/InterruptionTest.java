package dev.gitblobs.ops.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A process that is ended from outside, with and without an {@link Interruption} open. */
final class InterruptionTest {
  @Test
  void tellsWhatStandsWhenTheProcessIsEndedInTheMiddle() throws Exception {
    Process process = start("text", "open");
    process.toHandle().destroy();
    assertThat(read(process.getErrorStream())).contains("Ended in the middle.", "again");
    assertThat(process.waitFor()).isEqualTo(128 + 15);
  }

  @Test
  void tellsMachinesAsAnErrorInJson() throws Exception {
    Process process = start("json", "open");
    process.toHandle().destroy();
    assertThat(read(process.getInputStream())).contains("\"error\"", "Ended in the middle.");
    assertThat(read(process.getErrorStream())).isEmpty();
  }

  @Test
  void saysNothingOnceTheWorkIsDone() throws Exception {
    Process process = start("text", "closed");
    process.toHandle().destroy();
    assertThat(read(process.getErrorStream())).isEmpty();
  }

  /** A process that waits for its end. */
  public static void main(String[] args) throws Exception {
    Terminal terminal =
        new Terminal(
            new StandardStream(FileDescriptor.out).writer(),
            new StandardStream(FileDescriptor.err).writer(),
            args[0].equals("json"),
            Screen.NONE);
    Interruption told = Interruption.toldTo(terminal);
    if (args[1].equals("closed")) {
      told.close();
    }
    new PrintWriter(System.out, true, StandardCharsets.UTF_8).println("ready");
    Thread.currentThread().join();
  }

  private static Process start(String form, String state) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                InterruptionTest.class.getName(),
                form,
                state)
            .start();
    byte[] ready = process.getInputStream().readNBytes("ready\n".length());
    assertThat(new String(ready, StandardCharsets.UTF_8)).isEqualTo("ready\n");
    return process;
  }

  private static String read(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }
}
