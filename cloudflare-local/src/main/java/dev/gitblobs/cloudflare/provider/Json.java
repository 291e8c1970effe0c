package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON as this package uses it: whole numbers are integers, however they were written. */
final class Json {
  static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The number as Pulumi and the API mean it: 1.0 and 1 are the same. */
  static JsonNode number(double value) {
    var whole = (long) value;
    return whole == value
        ? JsonNodeFactory.instance.numberNode(whole)
        : JsonNodeFactory.instance.numberNode(value);
  }

  /** A copy in which 1.0 is 1 and nulls in objects are gone: null and absent mean the same. */
  static JsonNode normal(JsonNode value) {
    if (value.isNumber()) {
      return number(value.doubleValue());
    }
    if (value.isArray()) {
      var list = JsonNodeFactory.instance.arrayNode();
      value.forEach(element -> list.add(normal(element)));
      return list;
    }
    if (value.isObject()) {
      var object = object();
      value
          .properties()
          .forEach(
              field -> {
                if (!field.getValue().isNull()) {
                  object.set(field.getKey(), normal(field.getValue()));
                }
              });
      return object;
    }
    return value;
  }
}
