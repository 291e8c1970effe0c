package dev.gitblobs.client.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ObjectType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the names in a contract scenario's operations stand for. */
final class ContractNotation {
  /** An object of a scenario; all are blobs. */
  record Named(ObjectKey key, Body body) {}

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern OBJECT = Pattern.compile("\\$(\\w+)\\.(hash|key|sized)");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\w+");

  private final Map<String, Named> objects = new HashMap<>();
  private final Map<String, JsonNode> bound = new HashMap<>();

  ContractNotation(JsonNode scenario, Map<String, String> known) {
    scenario
        .path("objects")
        .properties()
        .forEach(
            entry -> {
              Body body = Body.of(textOf(entry.getValue()).getBytes(StandardCharsets.UTF_8));
              ObjectKey key = new ObjectKey(ObjectType.BLOB, body.sha256());
              objects.put(entry.getKey(), new Named(key, body));
            });
    known.forEach((name, text) -> bound.put(name, JSON.textNode(text)));
  }

  /** A text, written out or as a shorter one that is repeated. */
  private static String textOf(JsonNode text) {
    return text.isTextual()
        ? text.textValue()
        : text.get("repeat").textValue().repeat(text.get("times").intValue());
  }

  Named object(String name) {
    Named object = objects.get(name);
    if (object == null) {
      throw new AssertionError("there is no object " + name);
    }
    return object;
  }

  /** An operation's body, if it has one. */
  Optional<Body> bodyOf(JsonNode op) {
    if (op.has("say")) {
      return Optional.of(Body.of(textOf(op.get("say")).getBytes(StandardCharsets.UTF_8)));
    }
    if (!op.has("object")) {
      return Optional.empty();
    }
    Body body = object(op.path(op.has("bytes") ? "bytes" : "object").textValue()).body();
    if (op.get("op").textValue().equals("put")) {
      return Optional.of(body);
    }
    int offset = op.get("offset").intValue();
    int end = Math.min(body.length(), offset + op.get("len").intValue());
    return Optional.of(body.slice(offset, end));
  }

  /** An operation as it is sent: names replaced, the facts of its object put in. */
  JsonNode operation(JsonNode written) {
    ObjectNode op = (ObjectNode) value(written);
    if (op.remove("say") != null) {
      op.put("len", bodyOf(written).orElseThrow().length());
    }
    if (op.has("object")) {
      Named named = object(op.remove("object").textValue());
      op.remove("bytes");
      op.put("type", named.key().type().wire()).put("hash", named.key().hash());
      if (op.get("op").textValue().equals("put")) {
        op.put("len", bodyOf(written).orElseThrow().length());
      } else if (!op.has("size")) {
        op.put("size", named.body().length());
      }
    }
    return op;
  }

  /** A value with all its names replaced. */
  JsonNode value(JsonNode written) {
    if (written.isTextual() && written.textValue().startsWith("$")) {
      return named(written.textValue());
    }
    if (written.isArray()) {
      ArrayNode list = JSON.arrayNode();
      written.forEach(one -> list.add(value(one)));
      return list;
    }
    if (written.has("repeat")) {
      return JSON.textNode(textOf(written));
    }
    if (written.has("base64")) {
      byte[] bytes = textOf(written.get("base64")).getBytes(StandardCharsets.UTF_8);
      return JSON.textNode(Base64.getEncoder().encodeToString(bytes));
    }
    if (!written.isObject()) {
      return written;
    }
    ObjectNode object = JSON.objectNode();
    written.properties().forEach(field -> object.set(field.getKey(), value(field.getValue())));
    return object;
  }

  private JsonNode named(String name) {
    Matcher matcher = OBJECT.matcher(name);
    if (!matcher.matches()) {
      JsonNode value = bound.get(name.substring(1));
      if (value == null) {
        throw new AssertionError("nothing is named " + name + " yet");
      }
      return value;
    }
    Named named = object(matcher.group(1));
    TextNode hash = JSON.textNode(named.key().hash());
    if (matcher.group(2).equals("hash")) {
      return hash;
    }
    ArrayNode key = JSON.arrayNode().add(named.key().type().wire()).add(hash);
    return matcher.group(2).equals("key") ? key : key.add(named.body().length());
  }

  /**
   * Where an answer differs from what was expected of it; null where it does not. Fields that are
   * not mentioned may be anything, a name that stands for nothing yet takes what is there.
   */
  @Nullable String difference(JsonNode expected, @Nullable JsonNode actual, String path) {
    if (expected.isTextual() && expected.textValue().equals("$absent")) {
      return actual == null ? null : differs(expected, actual, path);
    }
    if (actual == null) {
      return differs(expected, null, path);
    }
    if (expected.isTextual() && VARIABLE.matcher(expected.textValue()).matches()) {
      JsonNode value = bound.computeIfAbsent(expected.textValue().substring(1), any -> actual);
      return isSame(value, actual) ? null : differs(expected, actual, path);
    }
    if (expected.isArray()) {
      if (!actual.isArray() || actual.size() != expected.size()) {
        return differs(expected, actual, path);
      }
      for (int i = 0; i < expected.size(); i++) {
        String found = difference(expected.get(i), actual.get(i), path + "[" + i + "]");
        if (found != null) {
          return found;
        }
      }
      return null;
    }
    if (expected.isObject() && !expected.has("repeat") && !expected.has("base64")) {
      for (var field : expected.properties()) {
        String name = field.getKey();
        String found = difference(field.getValue(), actual.get(name), path + "." + name);
        if (found != null) {
          return found;
        }
      }
      return null;
    }
    JsonNode value = value(expected);
    return isSame(value, actual) ? null : differs(expected, actual, path);
  }

  /** Numbers are the same whatever type they were read as. */
  private static boolean isSame(JsonNode value, JsonNode actual) {
    return value.isIntegralNumber()
        ? actual.isIntegralNumber() && value.longValue() == actual.longValue()
        : value.equals(actual);
  }

  private static String differs(JsonNode expected, @Nullable JsonNode actual, String path) {
    return path + ": " + actual + " instead of " + expected;
  }
}
