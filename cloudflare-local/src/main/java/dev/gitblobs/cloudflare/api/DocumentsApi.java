package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Products of which only the configuration is imitated: stored as sent and told again, with an id.
 * They have no effect on requests.
 */
final class DocumentsApi {
  /**
   * A product.
   *
   * @param required fields that a document must have
   * @param hidden fields that are never told
   * @param numericId whether ids are numbers
   * @param created the field that tells when it was made; empty if it is not told
   */
  private record Product(
      String path, List<String> required, List<String> hidden, boolean numericId, String created) {}

  private static final List<Product> PRODUCTS =
      List.of(
          new Product(
              "/accounts/{account}/logpush/jobs", List.of("destination_conf"), List.of(), true, ""),
          new Product(
              "/zones/{zone}/logpush/jobs", List.of("destination_conf"), List.of(), true, ""),
          new Product(
              "/accounts/{account}/alerting/v3/policies",
              List.of("name", "alert_type", "mechanisms"),
              List.of(),
              false,
              "created"),
          new Product(
              "/accounts/{account}/alerting/v3/destinations/webhooks",
              List.of("name", "url"),
              List.of("secret"),
              false,
              "created_at"),
          new Product(
              "/accounts/{account}/storage/kv/namespaces", List.of("title"), List.of(), false, ""));

  private final Account account;

  DocumentsApi(Account account) {
    this.account = account;
  }

  void register(Router router) {
    for (Product product : PRODUCTS) {
      String one = product.path() + "/{document}";
      router
          .get(product.path(), call -> Reply.ok(all(product)))
          .post(product.path(), call -> create(product, call))
          .get(one, call -> Reply.ok(view(product, find(product, call))))
          .put(one, call -> replace(product, call))
          .delete(one, call -> delete(product, call));
    }
  }

  private ArrayNode all(Product product) {
    ArrayNode views = Results.array();
    account
        .state()
        .documents(product.path())
        .values()
        .forEach(document -> views.add(view(product, document)));
    return views;
  }

  private Reply create(Product product, Call call) throws IOException {
    ObjectNode body = checked(product, call);
    String id = product.numericId() ? Integer.toString(nextNumber(product)) : Identity.hexId();
    if (!product.created().isEmpty()) {
      body.put(product.created(), account.now().toString());
    }
    return save(product, id, body);
  }

  private int nextNumber(Product product) {
    return account.state().documents(product.path()).keySet().stream()
            .mapToInt(Integer::parseInt)
            .max()
            .orElse(0)
        + 1;
  }

  private Reply replace(Product product, Call call) throws IOException {
    ObjectNode before = find(product, call);
    ObjectNode body = checked(product, call);
    ObjectNode merged = before.deepCopy();
    merged.setAll(body);
    return save(product, call.path("document"), merged);
  }

  private Reply save(Product product, String id, ObjectNode document) {
    document.set("id", id(product, id));
    account.update(state -> state.withDocument(product.path(), id, document));
    return Reply.ok(view(product, document));
  }

  private static JsonNode id(Product product, String id) {
    return product.numericId() ? IntNode.valueOf(Integer.parseInt(id)) : TextNode.valueOf(id);
  }

  private static ObjectNode checked(Product product, Call call) throws IOException {
    ObjectNode body = call.object();
    for (String field : product.required()) {
      if (body.path(field).isMissingNode() || body.path(field).isNull()) {
        throw ApiException.badRequest(1002, field + " is missing.");
      }
    }
    return body;
  }

  private Reply delete(Product product, Call call) {
    find(product, call);
    account.update(state -> state.withoutDocument(product.path(), call.path("document")));
    ObjectNode deleted = Results.object();
    deleted.set("id", id(product, call.path("document")));
    return Reply.ok(deleted);
  }

  private ObjectNode find(Product product, Call call) {
    Map<String, ObjectNode> documents = account.state().documents(product.path());
    return Optional.ofNullable(documents.get(call.path("document")))
        .orElseThrow(() -> ApiException.notFound(1002, "There is no such object."));
  }

  private static JsonNode view(Product product, ObjectNode document) {
    return document.deepCopy().without(product.hidden());
  }
}
