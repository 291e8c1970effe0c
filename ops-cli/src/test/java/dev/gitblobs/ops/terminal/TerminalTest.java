package dev.gitblobs.ops.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TerminalTest {
  private static final Screen COLOURED = new Screen(true, true, true);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void coloursEachStreamOnlyWhereItIsATerminalThatHasColours() {
    assertThat(Screen.of(Map.of(), true, false)).isEqualTo(new Screen(true, false, false));
    assertThat(Screen.of(Map.of(), false, true)).isEqualTo(new Screen(false, true, true));
    assertThat(Screen.of(Map.of("TERM", "dumb"), true, true))
        .isEqualTo(new Screen(false, false, true));
  }

  @Test
  void keepsProgressWithoutColourAndTakesAnEmptyNoColorForNone() {
    assertThat(Screen.of(Map.of("NO_COLOR", "1"), true, true))
        .isEqualTo(new Screen(false, false, true));
    assertThat(Screen.of(Map.of("NO_COLOR", ""), true, true)).isEqualTo(COLOURED);
  }

  @Test
  void tellsProgressToThoseWhoWatchAndToNobodyElse() {
    terminal(false, Screen.NONE).progress("3 of 9");
    assertThat(err.toString()).isEmpty();
    terminal(false, new Screen(false, false, true)).progress("3 of 9");
    assertThat(err.toString()).isEqualTo("3 of 9\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void coloursForTheStreamThatALineGoesTo() {
    Screen onlyErr = new Screen(false, true, true);
    Terminal people = terminal(false, onlyErr);
    people.line(people.green("x"));
    assertThat(out.toString()).isEqualTo("x\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void tellsMachinesTheResultOrWhyThereIsNoneAndNothingElse() {
    Terminal machine = terminal(true, COLOURED);
    machine.line(machine.green("x"));
    machine.progress("3 of 9");
    machine.failure("It is gone.", "Make it anew.");
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .isEqualToIgnoringWhitespace(
            "{\"error\": {\"message\": \"It is gone.\", \"remedy\": \"Make it anew.\"}}");
  }

  @Test
  void showsWhatWouldSteerTheTerminalAndDoesNotObeyIt() {
    Terminal terminal = terminal(false, COLOURED);
    terminal.line(terminal.red("a\u001b]0;title\u0007b\rc\u009bd\u2028e") + "\tf\ng");
    terminal.failure("\u001b[2J", "\u202e");
    assertThat(out.toString())
        .isEqualTo("\u001b[31ma\uFFFD]0;title\uFFFDb\uFFFDc\uFFFDd\uFFFDe\u001b[0m\tf\ng\n");
    assertThat(err.toString()).contains("\uFFFD[2J").contains("  \uFFFD\n");
  }

  @Test
  void knowsThatItsReaderLeft() {
    PrintWriter broken = new StandardStream(failing("Broken pipe")).writer();
    Terminal terminal = new Terminal(broken, new PrintWriter(err), false, Screen.NONE);
    terminal.line("x");
    assertThat(terminal.isClosed()).isTrue();
    assertThat(terminal(false, Screen.NONE).isClosed()).isFalse();
  }

  @Test
  void endsAProcessQuietlyWhoseReaderLeftAndLoudlyWhenTheDiskIsFull() {
    PrintWriter complaints = new PrintWriter(err);
    StandardStream pipe = new StandardStream(failing("Broken pipe"));
    pipe.writer().println("x");
    assertThat(pipe.exitCode(0, complaints)).isEqualTo(StandardStream.NO_READER);
    assertThat(pipe.exitCode(2, complaints)).isEqualTo(2);
    assertThat(err.toString()).isEmpty();
    StandardStream disk = new StandardStream(failing("No space left on device"));
    disk.writer().println("x");
    assertThat(disk.exitCode(0, complaints)).isEqualTo(1);
    assertThat(err.toString()).contains("No space left on device");
  }

  private Terminal terminal(boolean json, Screen screen) {
    return new Terminal(new PrintWriter(out), new PrintWriter(err), json, screen);
  }

  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        throw new IOException(reason);
      }
    };
  }
}
