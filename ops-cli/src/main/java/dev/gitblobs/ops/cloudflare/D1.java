package dev.gitblobs.ops.cloudflare;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

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
   * Imports a text of statements: uploads it, starts it and waits until D1 has taken all of it. A
   * failure undoes it. The database answers nobody else meanwhile.
   */
  public void importText(String sql) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    String etag = md5(bytes);
    JsonNode state = api.post(path + "/import", Map.of("action", "init", "etag", etag));
    if (state.hasNonNull("upload_url")) {
      api.upload(state.path("upload_url").asText(), bytes);
      state =
          api.post(
              path + "/import",
              Map.of(
                  "action", "ingest", "etag", etag, "filename", state.path("filename").asText()));
    }
    while (!state.path("status").asText().equals("complete")) {
      if (!state.path("success").asBoolean(true) || state.path("status").asText().equals("error")) {
        throw new ApiException(
            "POST " + path + "/import", 400, ApiException.SQL_FAILED, reason(state), null);
      }
      // D1 itself holds each answer back for a while, so asking again at once is no flood.
      state =
          api.post(
              path + "/import",
              Map.of("action", "poll", "current_bookmark", state.path("at_bookmark").asText()));
    }
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

  private static String reason(JsonNode state) {
    List<String> words = new ArrayList<>();
    state.path("errors").forEach(error -> words.add(error.asText()));
    return words.isEmpty() ? state.path("error").asText("the import failed") : words.get(0);
  }

  private static List<JsonNode> rows(JsonNode result) {
    List<JsonNode> rows = new ArrayList<>();
    result.path("results").forEach(rows::add);
    return rows;
  }

  /** The API asks for MD5 as the upload's fingerprint; nothing is trusted because of it. */
  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
