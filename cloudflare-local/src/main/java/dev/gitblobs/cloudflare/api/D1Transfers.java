package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import dev.gitblobs.cloudflare.runtime.WorkersRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Import and export of databases as SQL text. Both are done within the first call, so that polling
 * finds them complete. The text travels through URLs that are keys by themselves, as presigned ones
 * are: an export's until it is downloaded, every other for an hour.
 */
final class D1Transfers {
  private static final int MALFORMED = 7400;
  private static final int MAX_BYTES = 512 * 1024 * 1024;
  private static final String EXPORT = "PRAGMA miniflare_d1_export(?,?,?);";

  private static final Duration KEPT = Duration.ofHours(1);

  /** Text on its way in or out. */
  private static final class Transfer {
    private final byte[] bytes;
    private final Instant until;

    Transfer(byte[] bytes, Instant until) {
      this.bytes = bytes;
      this.until = until;
    }
  }

  private final Account account;
  private final WorkersRuntime runtime;
  private final D1Query query;
  private final D1TimeTravel timeTravel;
  private final Map<String, Transfer> files = new ConcurrentHashMap<>();
  private final Map<String, ObjectNode> imports = new ConcurrentHashMap<>();

  D1Transfers(Account account, WorkersRuntime runtime, D1TimeTravel timeTravel) {
    this.account = account;
    this.runtime = runtime;
    this.query = new D1Query(runtime);
    this.timeTravel = timeTravel;
  }

  void register(Router router) {
    router
        .post(D1Api.ONE + "/export", this::export)
        .post(D1Api.ONE + "/import", this::importSql)
        .get(AccountGatekeeper.TRANSFERS + "{key}", this::download)
        .put(AccountGatekeeper.TRANSFERS + "{key}", this::upload);
  }

  private Reply export(Call call) throws IOException {
    String database = D1Api.find(account, call).uuid();
    JsonNode options = call.object().path("dump_options");
    ArrayNode statement = Results.array();
    ArrayNode params =
        statement
            .addObject()
            .put("sql", EXPORT)
            .putArray("params")
            .add(options.path("no_schema").asBoolean() ? 1 : 0)
            .add(options.path("no_data").asBoolean() ? 1 : 0);
    options.path("tables").forEach(params::add);
    JsonNode answer = runtime.query(database, statement);
    if (!answer.path("success").asBoolean()) {
      throw ApiException.badRequest(7500, answer.path("error").asText("export failed"));
    }
    StringBuilder sql = new StringBuilder();
    answer.at("/results/0").forEach(line -> sql.append(line.asText()).append('\n'));
    String key = keep(sql.toString().getBytes(StandardCharsets.UTF_8));
    ObjectNode result = complete(database, "export", List.of("Exported the database."));
    result.putObject("result").put("filename", database + ".sql").put("signed_url", url(call, key));
    return Reply.ok(result);
  }

  private Reply importSql(Call call) throws IOException {
    String database = D1Api.find(account, call).uuid();
    ObjectNode body = call.object();
    return switch (Results.text(body, "action", MALFORMED)) {
      case "init" -> init(call, database);
      case "ingest" -> ingest(database, body);
      case "poll" -> poll(database);
      default -> throw ApiException.badRequest(MALFORMED, "action must be init, ingest or poll.");
    };
  }

  private Reply init(Call call, String database) {
    String key = keep(new byte[0]);
    ObjectNode result = Results.object().put("success", true).put("type", "import");
    result.put("filename", key).put("upload_url", url(call, key));
    result.put("at_bookmark", timeTravel.current(database));
    result.putArray("messages");
    return Reply.ok(result);
  }

  /** Runs the uploaded statements as one transaction. */
  private Reply ingest(String database, ObjectNode body) {
    Transfer upload = files.remove(Results.text(body, "filename", MALFORMED));
    byte[] sql = upload == null ? new byte[0] : upload.bytes;
    if (upload == null || !md5(sql).equals(body.path("etag").asText())) {
      throw ApiException.badRequest(
          MALFORMED, "There is no upload with this filename and etag: begin with action init.");
    }
    ArrayNode statements = Results.array();
    for (String statement : SqlStatements.split(new String(sql, StandardCharsets.UTF_8))) {
      statements.addObject().put("sql", statement).putArray("params");
    }
    ArrayNode results = statements.isEmpty() ? Results.array() : query.run(database, statements);
    ObjectNode result =
        complete(database, "import", List.of("Processed " + results.size() + " queries."));
    ObjectNode meta = Results.object();
    if (!results.isEmpty()) {
      meta.setAll((ObjectNode) results.get(results.size() - 1).path("meta"));
    }
    meta.put("rows_read", sum(results, "rows_read"));
    meta.put("rows_written", sum(results, "rows_written"));
    meta.put("changes", sum(results, "changes"));
    meta.put("served_by", "cloudflare-local");
    ObjectNode inner = result.putObject("result").put("num_queries", results.size());
    inner.put("final_bookmark", result.get("at_bookmark").asText()).set("meta", meta);
    imports.put(database, result);
    return Reply.ok(result);
  }

  private static long sum(ArrayNode results, String field) {
    long sum = 0;
    for (JsonNode result : results) {
      sum += result.path("meta").path(field).asLong();
    }
    return sum;
  }

  private Reply poll(String database) {
    ObjectNode last = imports.get(database);
    if (last != null) {
      return Reply.ok(last);
    }
    ObjectNode idle = Results.object().put("success", false).put("type", "import");
    idle.put("error", "Not currently importing anything.").putArray("messages");
    return Reply.ok(idle);
  }

  private ObjectNode complete(String database, String type, List<String> messages) {
    ObjectNode result = Results.object().put("success", true).put("type", type);
    result.put("status", "complete").put("at_bookmark", timeTravel.current(database));
    result.set("messages", Results.texts(messages));
    return result;
  }

  private Reply download(Call call) {
    byte[] bytes = file(call);
    files.remove(call.path("key"));
    return Reply.raw("application/sql", bytes, Map.of());
  }

  private Reply upload(Call call) throws IOException {
    file(call);
    byte[] bytes = call.bytes(MAX_BYTES);
    files.put(call.path("key"), transfer(bytes));
    return Reply.raw("text/plain", new byte[0], Map.of("ETag", "\"" + md5(bytes) + "\""));
  }

  private byte[] file(Call call) {
    forgetExpired();
    Transfer transfer = files.get(call.path("key"));
    if (transfer == null) {
      throw ApiException.notFound(MALFORMED, "This URL has expired.");
    }
    return transfer.bytes;
  }

  private String keep(byte[] bytes) {
    forgetExpired();
    String key = Identity.freshToken();
    files.put(key, transfer(bytes));
    return key;
  }

  private Transfer transfer(byte[] bytes) {
    return new Transfer(bytes, account.now().plus(KEPT));
  }

  private void forgetExpired() {
    Instant now = account.now();
    files.values().removeIf(transfer -> transfer.until.isBefore(now));
  }

  private static String url(Call call, String key) {
    return call.origin() + AccountGatekeeper.TRANSFERS + key;
  }

  /** As S3 and R2 do for an ETag: a checksum, not a protection. */
  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
