package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pulumi's encoding of property values in protobuf structs: JSON plus two signs, one for secrets
 * and one for values that a preview does not know yet (pulumi sdk, resource/plugin/rpc.go).
 *
 * <p>Inside the provider values are plain JSON. Secretness is put back when they leave: by the
 * shape of the type, and because what came in secret goes out secret.
 */
final class Wire {
  private static final String UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  private static final String SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
  private static final String SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

  private Wire() {}

  /** The sign for a value that is not known before the change is made. */
  static JsonNode unknown() {
    return JsonNodeFactory.instance.textNode(UNKNOWN);
  }

  static boolean isUnknown(@Nullable JsonNode value) {
    return value != null && UNKNOWN.equals(value.textValue());
  }

  static ObjectNode toJson(Struct struct) {
    var object = Json.object();
    struct
        .getFieldsMap()
        .forEach(
            (name, value) -> {
              if (!value.hasNullValue()) {
                object.set(name, toJson(value));
              }
            });
    return object;
  }

  private static JsonNode toJson(Value value) {
    return switch (value.getKindCase()) {
      case STRUCT_VALUE -> {
        var secret = secretIn(value);
        yield secret == null ? toJson(value.getStructValue()) : toJson(secret);
      }
      case LIST_VALUE -> {
        var list = JsonNodeFactory.instance.arrayNode();
        value.getListValue().getValuesList().forEach(element -> list.add(toJson(element)));
        yield list;
      }
      case STRING_VALUE -> JsonNodeFactory.instance.textNode(value.getStringValue());
      case NUMBER_VALUE -> Json.number(value.getNumberValue());
      case BOOL_VALUE -> JsonNodeFactory.instance.booleanNode(value.getBoolValue());
      default -> JsonNodeFactory.instance.nullNode();
    };
  }

  /**
   * Encodes {@code values}; secret becomes what {@code shape} says and what was in {@code like}.
   */
  static Struct toStruct(ObjectNode values, Shape shape, Struct like) {
    var struct = Struct.newBuilder();
    values
        .properties()
        .forEach(
            field ->
                struct.putFields(
                    field.getKey(),
                    toValue(
                        field.getValue(),
                        shape.child(field.getKey()),
                        like.getFieldsMap().get(field.getKey()))));
    return struct.build();
  }

  private static Value toValue(JsonNode value, Shape shape, @Nullable Value like) {
    var inner = like == null ? null : secretIn(like);
    var plain = plainValue(value, shape, inner == null ? like : inner);
    return shape.secret() || inner != null ? secret(plain) : plain;
  }

  private static Value plainValue(JsonNode value, Shape shape, @Nullable Value like) {
    var encoded = Value.newBuilder();
    if (value instanceof ObjectNode object) {
      var likeFields = like == null ? Struct.getDefaultInstance() : like.getStructValue();
      return encoded.setStructValue(toStruct(object, shape, likeFields)).build();
    }
    if (value.isArray()) {
      var list = ListValue.newBuilder();
      var likes = like == null ? List.<Value>of() : like.getListValue().getValuesList();
      for (var i = 0; i < value.size(); i++) {
        list.addValues(toValue(value.get(i), shape, i < likes.size() ? likes.get(i) : null));
      }
      return encoded.setListValue(list).build();
    }
    if (value.isNumber()) {
      return encoded.setNumberValue(value.doubleValue()).build();
    }
    if (value.isBoolean()) {
      return encoded.setBoolValue(value.booleanValue()).build();
    }
    return value.isTextual()
        ? encoded.setStringValue(value.textValue()).build()
        : encoded.setNullValue(NullValue.NULL_VALUE).build();
  }

  private static @Nullable Value secretIn(Value value) {
    var fields = value.getStructValue().getFieldsMap();
    var signature = fields.get(SIGNATURE_KEY);
    return signature != null && SECRET_SIGNATURE.equals(signature.getStringValue())
        ? fields.get("value")
        : null;
  }

  private static Value secret(Value value) {
    var wrapped =
        Struct.newBuilder()
            .putFields(SIGNATURE_KEY, Value.newBuilder().setStringValue(SECRET_SIGNATURE).build())
            .putFields("value", value);
    return Value.newBuilder().setStructValue(wrapped).build();
  }
}
