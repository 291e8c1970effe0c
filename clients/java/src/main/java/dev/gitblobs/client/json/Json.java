package dev.gitblobs.client.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value as JavaScript holds it. Immutable. */
public sealed interface Json {
  /**
   * An object whose members stand in JS property order (FORMAT.md 2.2), whatever order they came
   * in.
   */
  record Obj(Map<String, Json> members) implements Json {
    /** Copies the members into JS property order. */
    public Obj {
      members = Collections.unmodifiableMap(PropertyOrder.of(members));
    }

    /** The member of that name, or empty. */
    public Optional<Json> get(String name) {
      return Optional.ofNullable(members.get(name));
    }

    /** The string of that name, or empty when it is missing or not a string. */
    public Optional<String> text(String name) {
      return members.get(name) instanceof Str s ? Optional.of(s.text()) : Optional.empty();
    }
  }

  /** An array. */
  record Arr(List<Json> items) implements Json {
    /** Copies the items. */
    public Arr {
      items = List.copyOf(items);
    }
  }

  /** A string; may hold lone surrogates. */
  record Str(String text) implements Json {}

  /** A number: a double, as in JavaScript. */
  record Num(double value) implements Json {}

  /** A truth value. */
  record Bool(boolean value) implements Json {}

  /** Null. */
  enum Nil implements Json {
    /** The only null. */
    NULL
  }

  /** A string. */
  static Json of(String text) {
    return new Str(text);
  }

  /** A number; whole numbers are exact up to 2^53. */
  static Json of(double value) {
    return new Num(value);
  }

  /** A truth value. */
  static Json of(boolean value) {
    return new Bool(value);
  }

  /** An array. */
  static Json array(List<? extends Json> items) {
    return new Arr(new ArrayList<>(items));
  }

  /** An array of strings. */
  static Json texts(List<String> items) {
    return new Arr(items.stream().map(Json::of).toList());
  }

  /** An object from names and values in turn. */
  static Obj object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (var pair = Arrays.asList(namesAndValues).iterator(); pair.hasNext(); ) {
      members.put((String) pair.next(), (Json) pair.next());
    }
    return new Obj(members);
  }

  /** This value as compact text, by the rules of FORMAT.md 2.4. */
  default String toText() {
    StringBuilder out = new StringBuilder();
    JsonText.write(this, out);
    return out.toString();
  }
}
