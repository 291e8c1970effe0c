package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a value consists of: its fields by Pulumi's name, or none when it is a leaf, which is passed
 * on as it is. A list has the shape of its elements.
 *
 * <p>Written as text: {@code name} is a leaf, {@code name!} a secret one, {@code name(a b)} has
 * fields, and {@code name:api} says what the API calls it where that is not the name in snake case.
 */
record Shape(String apiName, boolean secret, Map<String, Shape> fields) {
  Shape {
    fields = new LinkedHashMap<>(fields);
  }

  /** The shape with these fields, written as above and separated by spaces. */
  static Shape of(String fields) {
    return new Shape("", false, new Parser(fields).fields());
  }

  /** The shape of a field; of one that is not listed, a leaf. */
  Shape child(String name) {
    var shape = fields.get(name);
    return shape == null ? new Shape(snakeCase(name), false, Map.of()) : shape;
  }

  /** The value under the names of the API. */
  JsonNode toApi(JsonNode value) {
    if (value.isArray()) {
      var list = JsonNodeFactory.instance.arrayNode();
      value.forEach(element -> list.add(toApi(element)));
      return list;
    }
    if (!(value instanceof ObjectNode object) || fields.isEmpty()) {
      return value;
    }
    var renamed = Json.object();
    object
        .properties()
        .forEach(
            field -> {
              var shape = child(field.getKey());
              renamed.set(shape.apiName(), shape.toApi(field.getValue()));
            });
    return renamed;
  }

  /** The API's value under Pulumi's names; fields that are not listed are left out. */
  JsonNode fromApi(JsonNode value) {
    if (value.isArray()) {
      var list = JsonNodeFactory.instance.arrayNode();
      value.forEach(element -> list.add(fromApi(element)));
      return list;
    }
    if (!(value instanceof ObjectNode) || fields.isEmpty()) {
      return Json.normal(value);
    }
    var renamed = Json.object();
    fields.forEach(
        (name, shape) -> {
          var found = value.get(shape.apiName());
          if (found != null && !found.isNull()) {
            renamed.set(name, shape.fromApi(found));
          }
        });
    return renamed;
  }

  static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** Reads the notation; the tables of this package are all it is ever given. */
  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    Map<String, Shape> fields() {
      var fields = new LinkedHashMap<String, Shape>();
      while (at < text.length() && text.charAt(at) != ')') {
        if (text.charAt(at) == ' ') {
          at++;
        } else {
          field(fields);
        }
      }
      return fields;
    }

    private void field(Map<String, Shape> fields) {
      var name = word();
      var apiName = take(':') ? word() : snakeCase(name);
      var secret = take('!');
      Map<String, Shape> nested = Map.of();
      if (take('(')) {
        nested = fields();
        at++;
      }
      fields.put(name, new Shape(apiName, secret, nested));
    }

    private String word() {
      var start = at;
      while (at < text.length() && " :!()".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private boolean take(char expected) {
      var found = at < text.length() && text.charAt(at) == expected;
      at += found ? 1 : 0;
      return found;
    }
  }

  /** The shape of {@code name}, or null if it is not listed. */
  @Nullable Shape listed(String name) {
    return fields.get(name);
  }
}
