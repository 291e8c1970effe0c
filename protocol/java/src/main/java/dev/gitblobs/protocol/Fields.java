package dev.gitblobs.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one JSON object, each at most once, and refuses those nobody read. Throws
 * {@link IllegalArgumentException} naming the field, never its content.
 */
final class Fields {
  private final JsonNode node;
  private final Set<String> unread = new HashSet<>();

  private Fields(JsonNode node) {
    this.node = node;
    node.fieldNames().forEachRemaining(unread::add);
  }

  /** Reads an object with the given function, which must read every field there is. */
  static <T> T read(String name, JsonNode node, Function<Fields, T> reader) {
    Check.that(name, node.isObject());
    Fields fields = new Fields(node);
    fields.unread.remove("op");
    T value = reader.apply(fields);
    Check.that("unknown", fields.unread.isEmpty());
    return value;
  }

  private @Nullable JsonNode optional(String name) {
    unread.remove(name);
    return node.get(name);
  }

  private JsonNode required(String name) {
    JsonNode value = optional(name);
    if (value == null) {
      throw new IllegalArgumentException("field " + name + " is missing");
    }
    return value;
  }

  String text(String name) {
    return asText(name, required(name));
  }

  @Nullable String optionalText(String name) {
    JsonNode value = optional(name);
    return value == null ? null : asText(name, value);
  }

  /** Texts of a list that need not be there; no list is longer than this. */
  @Nullable List<String> optionalTexts(String name) {
    return has(name) ? list(name, 32, value -> asText(name, value)) : null;
  }

  @Nullable Party optionalParty(String name) {
    JsonNode value = optional(name);
    if (value == null) {
      return null;
    }
    Check.that(name, value.isArray() && value.size() == 2);
    return new Party(asText(name, value.get(0)), asText(name, value.get(1)));
  }

  /** A field that must be there and may be null. */
  @Nullable String nullableText(String name) {
    JsonNode value = required(name);
    return value.isNull() ? null : asText(name, value);
  }

  long count(String name) {
    return asCount(name, required(name));
  }

  @Nullable Long optionalCount(String name) {
    JsonNode value = optional(name);
    return value == null ? null : asCount(name, value);
  }

  int number(String name) {
    return asInt(name, required(name));
  }

  @Nullable Integer optionalNumber(String name) {
    JsonNode value = optional(name);
    return value == null ? null : asInt(name, value);
  }

  boolean flag(String name) {
    JsonNode value = required(name);
    Check.that(name, value.isBoolean());
    return value.booleanValue();
  }

  @Nullable Boolean optionalFlag(String name) {
    return node.has(name) ? (Boolean) flag(name) : null;
  }

  boolean has(String name) {
    return node.has(name);
  }

  JsonNode node(String name) {
    return required(name);
  }

  <T> List<T> list(String name, int max, Function<JsonNode, T> reader) {
    JsonNode values = required(name);
    Check.that(name, values.isArray() && values.size() <= max);
    List<T> list = new ArrayList<>(values.size());
    values.forEach(value -> list.add(reader.apply(value)));
    return list;
  }

  List<ObjectKey> keys(String name) {
    return list(
        name,
        Limits.OBJECTS_PER_OP,
        value -> {
          Check.that(name, value.isArray() && value.size() == 2);
          ObjectType type = ObjectType.of(asText(name, value.get(0)));
          return new ObjectKey(type, asText(name, value.get(1)));
        });
  }

  List<SizedKey> sizedKeys(String name) {
    return list(
        name,
        Limits.OBJECTS_PER_OP,
        value -> {
          Check.that(name, value.isArray() && value.size() == 3);
          ObjectType type = ObjectType.of(asText(name, value.get(0)));
          return new SizedKey(type, asText(name, value.get(1)), asInt(name, value.get(2)));
        });
  }

  static String asText(String name, JsonNode value) {
    Check.that(name, value.isTextual());
    return value.textValue();
  }

  static int asInt(String name, JsonNode value) {
    long number = asCount(name, value);
    Check.range(name, number, 0, Integer.MAX_VALUE);
    return (int) number;
  }

  /** A whole number in any spelling JSON has; doubles first, as exponents may be enormous. */
  static long asCount(String name, JsonNode value) {
    Check.that(name, value.isNumber());
    double number = value.doubleValue();
    Check.that(name, number >= 0 && number <= Check.MAX_COUNT && number == Math.rint(number));
    return (long) number;
  }
}
