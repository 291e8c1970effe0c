package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What a command prints: one JSON value for programs, or lines for people. */
final class Output {
  /** Colours by meaning; the numbers are SGR codes. */
  enum Colour {
    /** A hash or another name. */
    NAME("33"),
    /** Something added, or all is well. */
    GOOD("32"),
    /** Something removed or wrong. */
    BAD("31"),
    /** A place in a file. */
    PLACE("36"),
    /** What matters less. */
    FAINT("2");

    private final String code;

    Colour(String code) {
      this.code = code;
    }
  }

  private final Terminal terminal;
  private final BooleanSupplier json;
  private final Map<String, Json> more = new LinkedHashMap<>();

  Output(Terminal terminal, BooleanSupplier json) {
    this.terminal = terminal;
    this.json = json;
  }

  boolean isJson() {
    return json.getAsBoolean();
  }

  void result(Json result, Runnable text) {
    if (isJson()) {
      Json whole = result;
      if (result instanceof Json.Obj members && !more.isEmpty()) {
        Map<String, Json> all = new LinkedHashMap<>(members.members());
        all.putAll(more);
        more.clear();
        whole = new Json.Obj(all);
      }
      terminal.out().println(whole.toText());
    } else {
      text.run();
    }
  }

  /** Something that the next result has to tell as well: a member of its JSON. */
  void add(String name, Json value) {
    more.put(name, value);
  }

  void line(String text) {
    terminal.out().println(text);
  }

  /** A remark that is no part of the result. */
  void note(String text) {
    if (!isJson()) {
      terminal.err().println(SafeText.lines(text));
    }
  }

  void failure(String message) {
    if (isJson()) {
      result(Json.object("error", Json.object("message", Json.of(message))), () -> {});
      return;
    }
    terminal.out().flush();
    terminal.err().println("gitblobs: " + SafeText.lines(message));
  }

  String coloured(Colour colour, String text) {
    return terminal.isColoured() ? "\u001b[" + colour.code + "m" + text + "\u001b[0m" : text;
  }

  Progress progress(String what) {
    return new Progress(terminal, what, terminal.showsProgress() && !isJson());
  }
}
