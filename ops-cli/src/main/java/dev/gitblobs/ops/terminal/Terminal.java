package dev.gitblobs.ops.terminal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Where a command prints. People get text, in colour when both a terminal and the operator want it
 * (https://no-color.org); machines get one JSON document on standard output, and nothing else
 * there.
 */
public final class Terminal {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
          .enable(SerializationFeature.INDENT_OUTPUT);

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean json;
  private final boolean colour;

  /**
   * A terminal over two writers.
   *
   * @param json whether standard output is for a machine: then text for people goes to {@code err}
   * @param colour whether ANSI colours may be used
   */
  public Terminal(PrintWriter out, PrintWriter err, boolean json, boolean colour) {
    this.out = out;
    this.err = err;
    this.json = json;
    this.colour = colour;
  }

  /**
   * Whether colours suit the process's own terminal. The launcher says whether standard output is
   * one ({@code -Drelay.tty}): Java itself cannot tell reliably on all versions.
   */
  public static boolean wantsColour() {
    return Boolean.getBoolean("relay.tty")
        && System.getenv("NO_COLOR") == null
        && !"dumb".equals(System.getenv("TERM"));
  }

  /** Whether the operator asked for JSON. */
  public boolean isJson() {
    return json;
  }

  /** A line for people. */
  public void line(String text) {
    PrintWriter to = json ? err : out;
    to.println(text);
    to.flush();
  }

  /**
   * A line that matters only while somebody watches: printed on a colour terminal, to the error
   * stream.
   */
  public void progress(String text) {
    if (colour) {
      err.println(dim(text));
      err.flush();
    }
  }

  /** The result for a machine; printed only in JSON mode. */
  public void result(Object value) {
    if (!json) {
      return;
    }
    try {
      out.println(JSON.writeValueAsString(value));
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

  /** A failure and its remedy, on standard error. */
  public void failure(String message, String remedy) {
    err.println(red("relayctl: ") + message);
    err.println("  " + remedy);
    err.flush();
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

  private String paint(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
