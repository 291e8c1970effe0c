package dev.gitblobs.client.json;

import java.util.Map;
import java.util.function.BiConsumer;

/** Writes compact JSON by the rules of FORMAT.md 2.4. */
public final class JsonText {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private JsonText() {}

  /** Appends a value. */
  public static void write(Json value, StringBuilder out) {
    if (value instanceof Json.Obj object) {
      writeObject(object.members(), JsonText::write, out);
    } else if (value instanceof Json.Arr array) {
      out.append('[');
      String separator = "";
      for (Json item : array.items()) {
        out.append(separator);
        write(item, out);
        separator = ",";
      }
      out.append(']');
    } else if (value instanceof Json.Str text) {
      writeString(text.text(), out);
    } else if (value instanceof Json.Num number) {
      out.append(EcmaNumber.toText(number.value()));
    } else if (value instanceof Json.Bool bool) {
      out.append(bool.value());
    } else {
      out.append("null");
    }
  }

  /** Appends an object whose members are written by {@code writeValue}, in the map's order. */
  public static <V> void writeObject(
      Map<String, V> members, BiConsumer<V, StringBuilder> writeValue, StringBuilder out) {
    out.append('{');
    String separator = "";
    for (Map.Entry<String, V> member : members.entrySet()) {
      out.append(separator);
      writeString(member.getKey(), out);
      out.append(':');
      writeValue.accept(member.getValue(), out);
      separator = ",";
    }
    out.append('}');
  }

  /** Appends a string in quotes. */
  public static void writeString(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\') {
        escape(c, out);
      } else if (Character.isSurrogate(c)) {
        i = writeSurrogate(text, i, out);
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private static void escape(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case '\f' -> out.append("\\f");
      case '\r' -> out.append("\\r");
      default -> unicode(c, out);
    }
  }

  /** Appends the pair, or the lone half as an escape; returns the index of the last char taken. */
  private static int writeSurrogate(String text, int at, StringBuilder out) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)
        && at + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(at + 1))) {
      out.append(c).append(text.charAt(at + 1));
      return at + 1;
    }
    unicode(c, out);
    return at;
  }

  private static void unicode(char c, StringBuilder out) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX[(c >> shift) & 0xf]);
    }
  }
}
