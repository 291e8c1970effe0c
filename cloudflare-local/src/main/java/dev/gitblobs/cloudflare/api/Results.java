package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Building results and reading inputs the way all products do. */
final class Results {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Results() {}

  static ObjectNode object() {
    return JSON.objectNode();
  }

  static ArrayNode array() {
    return JSON.arrayNode();
  }

  static ArrayNode texts(Iterable<String> texts) {
    ArrayNode array = array();
    texts.forEach(array::add);
    return array;
  }

  /** The page of a list that tells everything when it is not asked for pages. */
  static Reply page(Call call, Iterable<? extends JsonNode> all) {
    return page(call, all, Page.Rules.WHOLE);
  }

  /** The page that the call asks for. */
  static Reply page(Call call, Iterable<? extends JsonNode> all, Page.Rules rules) {
    List<JsonNode> items = new ArrayList<>();
    all.forEach(items::add);
    return Page.of(call, items, rules).reply();
  }

  /** A field that must be a text of at least one character. */
  static String text(JsonNode body, String field, int errorCode) {
    JsonNode value = body.path(field);
    if (!value.isTextual() || value.asText().isEmpty()) {
      throw ApiException.badRequest(errorCode, field + " must be a text and not empty.");
    }
    return value.asText();
  }

  static Optional<String> optionalText(JsonNode body, String field, int errorCode) {
    return body.path(field).isMissingNode() || body.path(field).isNull()
        ? Optional.empty()
        : Optional.of(text(body, field, errorCode));
  }
}
