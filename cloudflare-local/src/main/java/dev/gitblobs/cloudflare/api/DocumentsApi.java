package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import java.io.IOException;
import java.util.List;
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
   * @param paging how its list is told
   */
  private record Product(
      String path,
      List<String> required,
      List<String> hidden,
      boolean numericId,
      String created,
      Page.Rules paging) {}

  private static final List<Product> PRODUCTS =
      List.of(
          new Product(
              "/accounts/{account}/logpush/jobs",
              List.of("destination_conf"),
              List.of(),
              true,
              "",
              Page.Rules.WHOLE),
          new Product(
              "/zones/{zone}/logpush/jobs",
              List.of("destination_conf"),
              List.of(),
              true,
              "",
              Page.Rules.WHOLE),
          new Product(
              "/accounts/{account}/alerting/v3/policies",
              List.of("name", "alert_type", "mechanisms"),
              List.of(),
              false,
              "created",
              Page.Rules.WHOLE),
          new Product(
              "/accounts/{account}/alerting/v3/destinations/webhooks",
              List.of("name", "url"),
              List.of("secret"),
              false,
              "created_at",
              Page.Rules.WHOLE),
          new Product(
              "/accounts/{account}/storage/kv/namespaces",
              List.of("title"),
              List.of(),
              false,
              "",
              Page.Rules.of(20, 1000, "id", "title")));

  private final Account account;

  DocumentsApi(Account account) {
    this.account = account;
  }

  void register(Router router) {
    for (Product product : PRODUCTS) {
      String one = product.path() + "/{document}";
      router
          .get(product.path(), call -> Results.page(call, all(product), product.paging()))
          .post(product.path(), call -> create(product, call))
          .get(one, call -> get(product, call))
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

  private Reply get(Product product, Call call) {
    return Reply.ok(view(product, find(account.state(), product, call.path("document"))));
  }

  private Reply create(Product product, Call call) throws IOException {
    ObjectNode body = checked(product, call);
    if (!product.created().isEmpty()) {
      body.put(product.created(), account.now().toString());
    }
    String fresh = Identity.hexId();
    account.update(
        state -> {
          String id = product.numericId() ? nextNumber(state, product) : fresh;
          body.set("id", id(product, id));
          return state.withDocument(product.path(), id, body);
        });
    return Reply.ok(view(product, body));
  }

  private static String nextNumber(AccountState state, Product product) {
    int last =
        state.documents(product.path()).keySet().stream()
            .mapToInt(Integer::parseInt)
            .max()
            .orElse(0);
    return Integer.toString(last + 1);
  }

  private Reply replace(Product product, Call call) throws IOException {
    ObjectNode body = checked(product, call);
    String id = call.path("document");
    AccountState changed =
        account.update(
            state -> {
              ObjectNode merged = find(state, product, id).deepCopy();
              merged.setAll(body);
              merged.set("id", id(product, id));
              return state.withDocument(product.path(), id, merged);
            });
    return Reply.ok(view(product, find(changed, product, id)));
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
    String id = call.path("document");
    account.update(
        state -> {
          find(state, product, id);
          return state.withoutDocument(product.path(), id);
        });
    ObjectNode deleted = Results.object();
    deleted.set("id", id(product, id));
    return Reply.ok(deleted);
  }

  private static ObjectNode find(AccountState state, Product product, String id) {
    return Optional.ofNullable(state.documents(product.path()).get(id))
        .orElseThrow(() -> ApiException.notFound(1002, "There is no such object."));
  }

  private static JsonNode view(Product product, ObjectNode document) {
    return document.deepCopy().without(product.hidden());
  }
}
