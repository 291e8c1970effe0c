package dev.gitblobs.ops.cloudflare;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One D1 database over the REST API
 * (https://developers.cloudflare.com/api/resources/d1/subresources/database/).
 */
public final class D1 {
  private final ApiClient api;
  private final String path;

  /** The database with that id in that account. */
  public D1(ApiClient api, String accountId, String databaseId) {
    this.api = api;
    this.path = "/accounts/" + accountId + "/d1/database/" + databaseId;
  }

  /**
   * The id of the database of that name in that account.
   *
   * @return empty when there is none
   */
  public static Optional<String> find(ApiClient api, String accountId, String name) {
    JsonNode found =
        api.get("/accounts/" + accountId + "/d1/database?name=" + ApiClient.encode(name));
    for (JsonNode database : found) {
      if (database.path("name").asText().equals(name)) {
        return Optional.of(database.path("uuid").asText());
      }
    }
    return Optional.empty();
  }

  /**
   * One statement with its parameters, bound in order.
   *
   * @param sql exactly one statement
   * @param params text, numbers or null
   */
  public record Statement(String sql, List<?> params) {
    /** A statement without parameters. */
    public Statement(String sql) {
      this(sql, List.of());
    }
  }

  /**
   * Runs one statement.
   *
   * @return its rows, each a JSON object by column name
   * @throws ApiException when D1 refuses it
   */
  public List<JsonNode> query(String sql, Object... params) {
    return rows(api.post(path + "/query", Map.of("sql", sql, "params", List.of(params))).path(0));
  }

  /**
   * Runs statements in one transaction: all of them or none. Each is its own element, so the server
   * never has to split text into statements.
   *
   * @return the rows of each statement
   */
  public List<List<JsonNode>> batch(List<Statement> statements) {
    List<List<JsonNode>> results = new ArrayList<>();
    api.post(path + "/query", Map.of("batch", statements))
        .forEach(result -> results.add(rows(result)));
    return results;
  }

  /**
   * Announces an import of a text of statements, all of which are run or none.
   *
   * @throws ApiException when D1 refuses or does not answer
   */
  public D1Import beginImport(String sql) {
    return D1Import.begin(api, path + "/import", sql);
  }

  /** The database's present mark in time (Time Travel). */
  public String bookmark() {
    return api.get(path + "/time_travel/bookmark").path("bookmark").asText();
  }

  /**
   * Brings the database back to a mark; requests in flight are cancelled.
   *
   * @return the mark from just before, which undoes this
   */
  public String restore(String bookmark) {
    return api.post(path + "/time_travel/restore?bookmark=" + ApiClient.encode(bookmark), Map.of())
        .path("previous_bookmark")
        .asText();
  }

  private static List<JsonNode> rows(JsonNode result) {
    List<JsonNode> rows = new ArrayList<>();
    result.path("results").forEach(rows::add);
    return rows;
  }
}
