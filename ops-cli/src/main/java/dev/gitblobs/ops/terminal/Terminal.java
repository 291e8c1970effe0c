package dev.gitblobs.ops.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where a command prints. People get text, in colour where they see it on a terminal; machines get
 * one JSON document on standard output and nothing else, also when it fails. Whatever a server or a
 * file put into a text is shown and never obeyed: control characters do not reach the terminal.
 */
public final class Terminal {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * All that steers a terminal or turns text around, except line ends, tabs and our own colours.
   */
  private static final Pattern STEERING =
      Pattern.compile(
          "(?!\u001b\\[(?:0|1|2|31|32)m)[\\p{Cntrl}\\x{80}-\\x{9f}&&[^\n\t]]"
              + "|[\\x{2028}\\x{2029}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]");

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean json;
  private final Screen screen;

  /**
   * A terminal over two writers.
   *
   * @param json whether a machine reads it: then text for people is left out
   * @param screen who looks at them
   */
  public Terminal(PrintWriter out, PrintWriter err, boolean json, Screen screen) {
    this.out = out;
    this.err = err;
    this.json = json;
    this.screen = screen;
  }

  /** Whether the operator asked for JSON. */
  public boolean isJson() {
    return json;
  }

  /** Whether standard output cannot be written any more, for instance since its reader left. */
  public boolean isClosed() {
    return out.checkError();
  }

  /** A line for people. */
  public void line(String text) {
    if (!json) {
      print(out, text);
    }
  }

  /** A line that matters only while somebody watches; to the error stream. */
  public void progress(String text) {
    if (screen.isWatched() && !json) {
      print(err, paint(screen.errColour(), "2", text));
    }
  }

  /** The result for a machine; printed only in JSON mode. */
  public void result(Object value) {
    if (!json) {
      return;
    }
    try {
      out.println(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result that is not JSON: " + value.getClass(), e);
    }
  }

  /** One of many results for a machine, on one line; printed only in JSON mode. */
  public void resultLine(JsonNode value) {
    if (json) {
      out.println(value);
      out.flush();
    }
  }

  /**
   * A failure and its remedy: on standard error, or for machines the JSON document {@code {"error":
   * {"message", "remedy"}}}.
   */
  public void failure(String message, String remedy) {
    if (json) {
      result(Map.of("error", new Told(message, remedy)));
      return;
    }
    print(err, paint(screen.errColour(), "31", "relayctl: ") + message);
    print(err, "  " + remedy);
  }

  private record Told(String message, String remedy) {}

  /** Where a failure came from, on standard error. */
  public void trace(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    print(err, trace.toString());
  }

  private static void print(PrintWriter to, String text) {
    to.println(STEERING.matcher(text).replaceAll("\uFFFD"));
    to.flush();
  }

  /** Green where colours are wanted. */
  public String green(String text) {
    return paint("32", text);
  }

  /** Red where colours are wanted. */
  public String red(String text) {
    return paint("31", text);
  }

  /** Dim where colours are wanted. */
  public String dim(String text) {
    return paint("2", text);
  }

  /** Bold where colours are wanted. */
  public String bold(String text) {
    return paint("1", text);
  }

  /** A duration as people read it: {@code 0.3 s}, {@code 2 min 05 s}. */
  public static String time(Duration duration) {
    if (duration.toSeconds() < 60) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    return String.format(
        Locale.ROOT, "%d min %02d s", duration.toMinutes(), duration.toSecondsPart());
  }

  /** A moment as people read it: UTC, to the second. */
  public static String moment(long millis) {
    return MOMENT.format(Instant.ofEpochMilli(millis));
  }

  /** For {@link #line}. */
  private String paint(String code, String text) {
    return paint(screen.outColour(), code, text);
  }

  private static String paint(boolean isColoured, String code, String text) {
    return isColoured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
