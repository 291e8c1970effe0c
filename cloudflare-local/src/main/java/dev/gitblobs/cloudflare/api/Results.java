package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import java.util.List;
import java.util.Optional;

/** Building results and reading inputs the way all products do. */
final class Results {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MAX_PER_PAGE = 10_000;

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

  /** The page that {@code page} and {@code per_page} ask for. */
  static Reply page(Call call, List<? extends JsonNode> all, int defaultPerPage) {
    int page = number(call, "page", 1, Integer.MAX_VALUE);
    int perPage = number(call, "per_page", defaultPerPage, MAX_PER_PAGE);
    long from = Math.min(all.size(), (page - 1L) * perPage);
    long to = Math.min(all.size(), from + perPage);
    ArrayNode items = array();
    all.subList((int) from, (int) to).forEach(items::add);
    ObjectNode info = object();
    info.put("page", page).put("per_page", perPage).put("count", items.size());
    info.put("total_count", all.size());
    info.put("total_pages", (all.size() + perPage - 1) / perPage);
    return Reply.page(items, info);
  }

  private static int number(Call call, String name, int otherwise, int max) {
    Optional<String> text = call.query(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= 1 && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw badNumber(name, max, e);
    }
    throw badNumber(name, max, null);
  }

  private static ApiException badNumber(
      String name, int max, @org.jspecify.annotations.Nullable Throwable cause) {
    ApiException bad =
        ApiException.badRequest(7001, name + " must be a whole number from 1 to " + max + ".");
    if (cause != null) {
      bad.initCause(cause);
    }
    return bad;
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
