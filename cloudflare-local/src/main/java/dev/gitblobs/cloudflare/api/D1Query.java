package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.runtime.WorkersRuntime;
import java.util.List;

/** Queries on a D1 database, in the two shapes of the API: rows as objects, or rows and columns. */
final class D1Query {
  private static final int MALFORMED = 7400;
  private static final int SQL_FAILED = 7500;

  private final WorkersRuntime runtime;

  D1Query(WorkersRuntime runtime) {
    this.runtime = runtime;
  }

  /** One result for each statement, its rows as {@code {columns, rows}}. */
  ArrayNode rows(String database, JsonNode body) {
    ArrayNode results = run(database, statements(body));
    results.forEach(result -> served((ObjectNode) result));
    return results;
  }

  /** One result for each statement, its rows as objects. */
  ArrayNode objects(String database, JsonNode body) {
    ArrayNode results = rows(database, body);
    for (JsonNode result : results) {
      JsonNode columns = result.path("results").path("columns");
      ArrayNode objects = Results.array();
      for (JsonNode row : result.path("results").path("rows")) {
        ObjectNode object = objects.addObject();
        for (int i = 0; i < columns.size(); i++) {
          object.set(columns.get(i).asText(), row.get(i));
        }
      }
      ((ObjectNode) result).set("results", objects);
    }
    return results;
  }

  /** Tables that the user made. */
  long countTables(String database) {
    ArrayNode query = Results.array();
    query
        .addObject()
        .put(
            "sql",
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
                + " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'")
        .putArray("params");
    return run(database, query).path(0).path("results").path("rows").path(0).path(0).asLong();
  }

  ArrayNode run(String database, ArrayNode statements) {
    JsonNode answer = runtime.query(database, statements);
    if (answer instanceof ArrayNode results) {
      return results;
    }
    throw ApiException.badRequest(SQL_FAILED, answer.path("error").asText("query failed"));
  }

  /** The statements of {@code {sql, params}} or {@code {batch: [{sql, params}]}}. */
  private static ArrayNode statements(JsonNode body) {
    ArrayNode statements = Results.array();
    if (body.has("batch")) {
      if (!body.get("batch").isArray() || body.get("batch").isEmpty()) {
        throw ApiException.badRequest(
            MALFORMED, "The request is malformed: batch must be a list and not empty.");
      }
      body.get("batch").forEach(query -> addStatements(statements, query));
    } else {
      addStatements(statements, body);
    }
    return statements;
  }

  private static void addStatements(ArrayNode statements, JsonNode query) {
    String sql = Results.text(query, "sql", MALFORMED);
    ArrayNode params = params(query);
    List<String> parts = SqlStatements.split(sql);
    if (parts.isEmpty()) {
      throw ApiException.badRequest(SQL_FAILED, "No SQL statements detected.");
    }
    if (parts.size() > 1 && !params.isEmpty()) {
      throw ApiException.badRequest(
          MALFORMED, "The request is malformed: params go with a single statement.");
    }
    parts.forEach(part -> statements.addObject().put("sql", part).set("params", params));
  }

  private static ArrayNode params(JsonNode query) {
    ArrayNode params = Results.array();
    JsonNode given = query.path("params");
    if (!given.isArray() && !given.isMissingNode() && !given.isNull()) {
      throw ApiException.badRequest(MALFORMED, "The request is malformed: params must be a list.");
    }
    for (JsonNode param : given) {
      if (param.isObject()) {
        throw ApiException.badRequest(
            MALFORMED, "The request is malformed: a param must be a text, number or null.");
      }
      // SQLite has no boolean.
      if (param.isBoolean()) {
        params.add(param.asBoolean() ? 1 : 0);
      } else {
        params.add(param);
      }
    }
    return params;
  }

  private static void served(ObjectNode result) {
    ((ObjectNode) result.path("meta")).put("served_by", "cloudflare-local");
  }
}
