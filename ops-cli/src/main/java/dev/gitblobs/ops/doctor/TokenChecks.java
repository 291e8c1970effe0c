package dev.gitblobs.ops.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.environment.Outputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the API token may do what up, deploy, migrate and logs do. A right to read is tried by
 * reading; a right to edit by a call that changes nothing or that Cloudflare has to refuse as
 * senseless: it looks at the token first, so any answer but "forbidden" tells that it may.
 */
final class TokenChecks {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int SERVER_ERROR = 500;

  /** https://developers.cloudflare.com/d1/platform/limits/: 10 GB, paid; told when 8 are full. */
  private static final long LARGE_DATABASE_BYTES = 8_000_000_000L;

  private final ApiClient api;
  private final Outputs outputs;
  private final @Nullable String zone;
  private final List<Check> checks = new ArrayList<>();

  /**
   * Checks of the token that this client bears.
   *
   * @param zone the zone's id; null for an environment that has none
   */
  TokenChecks(ApiClient api, Outputs outputs, @Nullable String zone) {
    this.api = api;
    this.outputs = outputs;
    this.zone = zone;
  }

  List<Check> run() {
    String account = "/accounts/" + outputs.accountId();
    String database = account + "/d1/database/" + outputs.databaseId();
    String script = account + "/workers/scripts/" + outputs.scriptName();
    JsonNode found =
        permission(
            "D1",
            () -> api.get(database),
            () -> api.post(database + "/query", Map.of("sql", "SELECT 1")));
    size(found.path("file_size").asLong());
    permission(
        "Workers Scripts",
        () -> api.get(script + "/settings"),
        // A deployment of no version cannot be.
        () -> api.post(script + "/deployments", Map.of("versions", List.of())));
    permission("Workers Tail", () -> api.get(script + "/tails"), null);
    if (zone != null) {
      String path = "/zones/" + zone;
      permission(
          "Workers Routes",
          () -> api.get(path + "/workers/routes"),
          () -> api.post(path + "/workers/routes", Map.of()));
      permission("Zone Settings", () -> api.get(path + "/settings/min_tls_version"), null);
      permission(
          "Zone WAF",
          () -> api.get(path + "/rulesets"),
          () -> api.post(path + "/rulesets", Map.of()));
    }
    return checks;
  }

  /** Adds the line of one permission; what reading gave, a missing node when it may not. */
  private JsonNode permission(
      String permission, Supplier<JsonNode> reading, @Nullable Runnable editing) {
    String name = "token: " + permission;
    JsonNode found = MissingNode.getInstance();
    try {
      found = reading.get();
    } catch (ApiException e) {
      checks.add(failed(name, permission, e));
      return found;
    }
    try {
      if (editing != null) {
        editing.run();
      }
    } catch (ApiException e) {
      if (isForbidden(e) || e.status() == 0 || e.status() >= SERVER_ERROR) {
        checks.add(failed(name, permission, e));
        return found;
      }
    }
    checks.add(Check.ok(name, editing == null ? "may read" : "may read and edit"));
    return found;
  }

  private void size(long bytes) {
    if (bytes > 0) {
      String detail = "the database has " + bytes / 1_000_000 + " MB";
      checks.add(
          bytes <= LARGE_DATABASE_BYTES
              ? Check.ok("database size", detail)
              : Check.warning(
                  "database size",
                  detail + " of 10 GB",
                  "Shorten how long data is kept (ttlMaxSeconds) or what a user may store."));
    }
  }

  private static Check failed(String name, String permission, ApiException e) {
    String remedy =
        isForbidden(e)
            ? "Give CLOUDFLARE_API_TOKEN the permission '" + permission + "' (edit)."
            : "Run it again; if it stays, relayctl up makes what is missing.";
    return Check.failed(name, String.valueOf(e.getMessage()), remedy);
  }

  private static boolean isForbidden(ApiException e) {
    return e.status() == UNAUTHORIZED || e.status() == FORBIDDEN;
  }
}
