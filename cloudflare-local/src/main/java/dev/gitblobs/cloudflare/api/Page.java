package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The part of a list that a call asks for. A page after the last one is empty, which is what ends
 * the iterators of Cloudflare's own clients.
 *
 * @param info what the envelope tells as {@code result_info}
 */
record Page(ArrayNode items, ObjectNode info) {
  private static final int INVALID = 7001;
  private static final String CURSOR = "from:";

  /**
   * How a product pages.
   *
   * @param perPage without {@code per_page}
   * @param orders the fields by which a list may be sorted
   */
  record Rules(int perPage, int maxPerPage, Set<String> orders) {
    /** For products that tell everything when they are not asked for pages. */
    static final Rules WHOLE = new Rules(10_000, 10_000, Set.of());

    static final Rules ACCESS = new Rules(20, 50, Set.of("name", "status", "id"));

    static Rules of(int perPage, int maxPerPage, String... orders) {
      return new Rules(perPage, maxPerPage, Set.of(orders));
    }
  }

  /** By {@code page}, {@code per_page}, {@code order} and {@code direction}. */
  static Page of(Call call, List<? extends JsonNode> all, Rules rules) {
    int page = number(call, "page", 1, Integer.MAX_VALUE);
    int perPage = number(call, "per_page", rules.perPage(), rules.maxPerPage());
    ArrayNode items = part(ordered(call, all, rules), (page - 1L) * perPage, perPage);
    ObjectNode info = Results.object();
    info.put("page", page).put("per_page", perPage).put("count", items.size());
    info.put("total_count", all.size());
    info.put("total_pages", (all.size() + perPage - 1) / perPage);
    return new Page(items, info);
  }

  /** By {@code cursor} and {@code per_page}; the last page names no cursor. */
  static Page byCursor(Call call, List<? extends JsonNode> all, Rules rules) {
    int perPage = number(call, "per_page", rules.perPage(), rules.maxPerPage());
    int from = call.query("cursor").filter(text -> !text.isEmpty()).map(Page::offset).orElse(0);
    ArrayNode items = part(all, from, perPage);
    ObjectNode info = Results.object().put("count", items.size()).put("per_page", perPage);
    int next = from + items.size();
    if (next < all.size() && !items.isEmpty()) {
      String cursor =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString((CURSOR + next).getBytes(StandardCharsets.UTF_8));
      info.put("cursor", cursor).putObject("cursors").put("after", cursor);
    }
    return new Page(items, info);
  }

  Reply reply() {
    return Reply.page(items, info);
  }

  private static List<? extends JsonNode> ordered(
      Call call, List<? extends JsonNode> all, Rules rules) {
    Optional<String> order = call.query("order").filter(text -> !rules.orders().isEmpty());
    List<JsonNode> ordered = new ArrayList<>(all);
    if (order.isPresent()) {
      if (!rules.orders().contains(order.get())) {
        throw ApiException.badRequest(
            INVALID, "order must be one of " + String.join(", ", rules.orders()) + ".");
      }
      ordered.sort(Comparator.comparing(item -> item.path(order.get()).asText()));
    }
    String direction = call.query("direction").orElse("asc");
    if (!direction.equals("asc") && !direction.equals("desc")) {
      throw ApiException.badRequest(INVALID, "direction must be asc or desc.");
    }
    if (direction.equals("desc")) {
      Collections.reverse(ordered);
    }
    return ordered;
  }

  private static ArrayNode part(List<? extends JsonNode> all, long from, int count) {
    ArrayNode items = Results.array();
    long first = Math.min(all.size(), from);
    all.subList((int) first, (int) Math.min(all.size(), first + count)).forEach(items::add);
    return items;
  }

  private static int offset(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      if (text.startsWith(CURSOR)) {
        return Integer.parseUnsignedInt(text.substring(CURSOR.length()));
      }
    } catch (IllegalArgumentException e) {
      ApiException bad = badCursor();
      bad.initCause(e);
      throw bad;
    }
    throw badCursor();
  }

  private static ApiException badCursor() {
    return ApiException.badRequest(INVALID, "cursor is none that a page named.");
  }

  private static int number(Call call, String name, int otherwise, int max) {
    Optional<String> text = call.query(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (text.get().matches("[0-9]{1,10}")) {
      long value = Long.parseLong(text.get());
      if (value >= 1 && value <= max) {
        return (int) value;
      }
    }
    throw ApiException.badRequest(INVALID, name + " must be a whole number from 1 to " + max + ".");
  }
}
